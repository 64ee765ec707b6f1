"""The error for a formula that cannot be used: what is wrong, and where."""

from cliffscape.landscapes.bound_error import BoundError

FIELD = "landscape.text"


class FormulaError(BoundError):
    """A text that is no formula. ``line`` and ``column`` count from 1.

    ``bound`` completes the sentence "landscape.text must be a formula ...", and ``got`` is the part of the text that
    breaks it.
    """

    def __init__(self, got: str, bound: str, line: int = 1, column: int = 1) -> None:
        super().__init__(FIELD, got, f"a formula {bound} (line {line}, column {column})")
        self.line, self.column = line, column
