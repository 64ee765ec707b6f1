"""C source: groups of statements, scratch memory, and the early end."""

from cliffscape.landscapes.backends.c_source import GROUP, LOOPS, Writer, source
from cliffscape.landscapes.descent.batch import MOVING, Routine, SweepRecipe
from cliffscape.landscapes.tracing.program import Program


def test_values_equal_in_all_lanes_are_computed_once() -> None:
    """σ(x₀) of the one-unit net depends on one parameter only, unless the parameter differs between lanes."""
    routine = SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm").routine()
    first = "sigmoid(i_landscape_initial_state)"
    assert any(first in line for line in Writer(routine, ()).common)
    assert not any(first in line for line in Writer(routine, ("landscape.initial_state",)).common)


def test_a_long_routine_has_longer_loops_rather_than_more() -> None:
    writer = Writer(SweepRecipe("repeated_composition", "gradient_descent", "by_norm").routine(), ())
    assert len(writer.groups) <= LOOPS
    assert sum(map(len, writer.groups)) > GROUP * LOOPS


def test_scratch_memory_is_reused() -> None:
    """A backward pass needs the 50 states of the forward one, and little else."""
    writer = Writer(SweepRecipe("one_unit_rnn", "gradient_descent", "by_norm").routine(), ())
    for number in range(len(writer.groups)):
        assert len(writer.groups[number]) <= GROUP
        writer.group(number)
    assert 50 <= writer.scratch < 120
    assert len(set(writer.rows.values())) == len(writer.rows)


def test_a_routine_without_a_moving_column_has_no_early_end() -> None:
    program = Program()
    x = program.input("x")
    text = source(Routine(program, ("x",), (), {"x": program.add("exp", x)}))
    assert "break" not in text
    assert "break" in source(Routine(program, ("x", MOVING), (), {"x": x, MOVING: program.constant(1.0)}))
