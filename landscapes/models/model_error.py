"""The error for an exception in the user's own model or loss, on a server that must go on."""

import contextlib
from collections.abc import Iterator

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.slices.memory import out_of_memory


class ModelError(RuntimeError):
    """What the user's model or loss has raised, in one sentence; the exception itself is the cause."""


@contextlib.contextmanager
def own_code() -> Iterator[None]:
    """Turn an exception in the block into a ModelError. Errors of memory and of bounds stay what they are.

    Raises:
        ModelError: the block raises another exception.
    """
    try:
        yield
    except (BoundError, ModelError):
        raise
    except Exception as error:
        if out_of_memory(error):
            raise
        words = " ".join(str(error).split())
        raise ModelError(f"The model or its loss raised {type(error).__name__}: {words}"[:300]) from error
