"""Standard output of Megatron-LM."""

from math import nan

from tests.app.logs.read_text import assert_run, only_run, read_example


def test_lines_with_and_without_a_timestamp() -> None:
    """A skipped iteration has no loss. The line of the validation has no norm."""
    reading = read_example("megatron.txt")
    assert reading.log_format.label == "Megatron-LM" and reading.places == {"": "before"}
    assert_run(only_run(reading), [100, 200, 300], [1.234, 2.5, nan], [6.5, 5.25, nan], [1e-4, 2e-4, 3e-4])
    assert reading.counts.other == 6
