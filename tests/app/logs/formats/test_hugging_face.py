"""Logs of the Hugging Face Trainer and of TRL."""

from math import inf, nan

from tests.app.logs.read_text import assert_run, only_run, read_example


def test_the_state_file() -> None:
    """It has bare NaN and Infinity, an evaluation, and a summary with another loss."""
    reading = read_example("trainer_state.json")
    assert reading.log_format.label == "Hugging Face Trainer (trainer_state.json)"
    run = only_run(reading)
    assert_run(run, [10, 20, 30, 40], [2.5, nan, inf, 1.25], [2.75, 2.5, 0, 2.25], [4.5e-5, 4e-5, 3.5e-5, 3e-5])
    assert run.columns == {"step": "step", "norm": "grad_norm", "loss": "loss", "learning_rate": "learning_rate"}
    assert reading.places == {"": "before"} and run.every == 10
    assert reading.lines_sentence == "4 records with a gradient norm in 48 lines; 2 records without one"


def test_dicts_on_standard_output() -> None:
    """Numbers and texts, a progress bar on the same line, no steps, and a last line that is cut."""
    reading = read_example("trainer_output.txt")
    assert reading.log_format.label == "Hugging Face Trainer (standard output)"
    run = only_run(reading)
    assert_run(run, [1, 2, 3], [2.5, 1.25, nan], [2.75, 2.5, 0], [4.5e-5, 4e-5, 3.5e-5])
    assert run.numbered and "step" not in run.columns
    assert (reading.counts.broken, reading.counts.first_broken, reading.counts.other) == (1, 8, 2)
