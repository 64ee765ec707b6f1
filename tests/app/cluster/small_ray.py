"""A small Ray on this machine: two cores, little memory, and a token of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cliffscape.app.cluster import connection


@contextmanager
def small_ray() -> Iterator[None]:
    """During the block a local cluster is small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "OBJECT_STORE_BYTES", 100 << 20)
        # Ray would otherwise write a token in the folder of the user.
        patch.setenv("RAY_AUTH_TOKEN", "0123456789abcdef" * 4)
        patch.setattr(connection, "available_cores", lambda: 2)
        yield
