"""One measurement of a reader's own, for the facts of lessons."""

from typing import Annotated

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import measurement
from cliffscape.landscapes.declare import Range


@measurement()
def path_length(headless: HeadlessRun, run: Annotated[str, Range(4, 7)] = "with") -> float:
    """How far a run goes in all its steps together.

    Args:
        run: The run, ``without`` or ``with``.
    """
    return float(headless.record(run).step_length[:-1].sum())
