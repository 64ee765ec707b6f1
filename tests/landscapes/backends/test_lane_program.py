"""The program of a lane: its columns, its parameters, and what of it is the same in every step."""

import pytest

from cliffscape.landscapes.backends.lane_program import POSITION, trace_lane
from cliffscape.landscapes.descent.batch import MOVING, SOLVED, SweepRecipe
from cliffscape.landscapes.descent.outcome import RunResult
from cliffscape.landscapes.tracing.trace import UntraceableError


def test_a_step_has_the_columns_of_the_first_numbers_and_the_end_those_of_a_result() -> None:
    lane = trace_lane(SweepRecipe("saddle", "adam", "by_norm"))
    assert lane.first.keys() == lane.step.keys() and {*POSITION, MOVING} <= lane.step.keys()
    assert tuple(lane.last) == RunResult._fields
    assert {"optimizer.learning_rate", "clip.threshold", SOLVED} <= set(lane.parameters)


def test_what_depends_on_parameters_alone_is_common_to_all_steps() -> None:
    """A new gradient counts 1 minus the decay of the first moment, whatever the step."""
    lane = trace_lane(SweepRecipe("saddle", "adam", "none"))
    nodes, common = lane.program.nodes, set(lane.common())
    assert not {nodes[scalar].op for scalar in common} & {"input", "constant"}
    reached = list(common)
    for scalar in reached:
        reached += [one for one in nodes[scalar].arguments if one not in reached]
    inputs = {str(nodes[scalar].value) for scalar in reached if nodes[scalar].op == "input"}
    assert "optimizer_first_decay" in inputs and not inputs & {*lane.step, *POSITION}


def test_an_entry_without_a_scalar_form_has_no_program() -> None:
    with pytest.raises(UntraceableError):
        trace_lane(SweepRecipe("saddle", "gradient_descent", "autoclip"))
