"""Why long work stopped before its end."""

from typing import NamedTuple


class Stop(NamedTuple):
    """The sentence for the user, which says how to continue, and whether Ctrl-C was the reason."""

    sentence: str
    interrupted: bool
