"""The error for a value outside its bound."""

from typing import Any


class BoundError(ValueError):
    """A value that breaks its bound; the message names the field, the bound and the value.

    ``field`` is the caller's name for the value, such as ``clip.threshold``. ``bound`` completes the
    sentence "FIELD must be ...".
    """

    def __init__(self, field: str, value: Any, bound: str) -> None:
        text = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        super().__init__(f"{field} must be {bound}, got {text}")
        self.field, self.value, self.bound = field, value, bound
