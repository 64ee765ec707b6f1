"""The error for a value outside its bound, and the sentence of every such error."""

from typing import Any


def must_be(field: str, value: Any, bound: str) -> str:
    """The sentence about a value that breaks its bound, such as "steps must be at least 1, got 0".

    This is the only place that writes it. Errors of other types use it for what is not the user's choice, such as the
    type of a tensor: the server answers a ``BoundError`` as a mistake in the request, and logs all others as its own.
    """
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return f"{field} must be {bound}, got {text}"


class BoundError(ValueError):
    """A value that breaks its bound; the message names the field, the bound and the value.

    ``field`` is the caller's name for the value, such as ``clip.threshold``. ``bound`` completes the
    sentence "FIELD must be ...".
    """

    def __init__(self, field: str, value: Any, bound: str) -> None:
        super().__init__(must_be(field, value, bound))
        self.field, self.value, self.bound = field, value, bound

    def __reduce__(self) -> tuple[Any, ...]:
        """How another process gets the same error: subclasses have other arguments than their fields."""
        return BoundError.copy, (type(self), self.args, vars(self))

    @staticmethod
    def copy(kind: type["BoundError"], arguments: tuple[Any, ...], fields: dict[str, Any]) -> "BoundError":
        """The error of this kind, message and fields."""
        found = kind.__new__(kind)
        found.args = arguments
        found.__dict__.update(fields)
        return found
