"""Numbers of logs: JSON numbers, and texts such as "1.682", "NaN" and "-inf"."""

import math
import re

# float() of Python also takes 1_000 and digits of other scripts, which no log means.
NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE)
MISSING = {"", "none", "null", "n/a", "-"}
# No number is longer, and a text of megabytes takes long to parse.
LONGEST = 400


def read_number(value: object) -> float | None:
    """The value as a number, which may be Inf or NaN; None if there is none.

    Raises:
        ValueError: the value is something else.
    """
    if isinstance(value, str):
        text = value.strip()
        if len(text) <= LONGEST and NUMBER.fullmatch(text):
            return float(text)
        if text.lower() in MISSING:
            return None
        raise ValueError("not a number")
    if value is None or isinstance(value, bool | list | dict):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError:
        # An integer of more than 308 digits.
        return math.inf
