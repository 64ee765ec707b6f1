"""Tables from Weights & Biases and TensorBoard, and other tables."""

from math import inf, nan

import pytest

from cliffscape.app.logs.log_error import LogError
from tests.app.logs.read_text import assert_run, only_run, read_example, read_text


def test_a_table_from_weights_and_biases_has_the_runs_of_its_chart() -> None:
    """The columns of the smallest and largest values are not taken."""
    reading = read_example("weights_and_biases.csv")
    assert reading.log_format.label == "Weights & Biases (CSV)"
    assert_run(reading.runs["lively-sun-1"], [10, 20, 30], [2.5, 1.25, nan], [nan] * 3)
    assert_run(reading.runs["calm-sea-2"], [20, 30], [3.5, inf], [nan] * 2)


def test_the_column_says_whether_a_norm_is_one_before_the_clip() -> None:
    assert set(read_example("weights_and_biases.csv").places.values()) == {"before"}
    assert read_text('"Step","a - my_grad_norm"\n1,2\n').places == {"a": "unknown"}


def test_a_table_from_tensorboard() -> None:
    reading = read_example("tensorboard.csv")
    assert reading.log_format.label == "TensorBoard (CSV)" and reading.places == {"": "unknown"}
    assert_run(only_run(reading), [1, 2], [2.5, 1.25], [nan] * 2)


def test_a_table_of_something_else_is_refused() -> None:
    expected = "log: a gradient norm must be at least 0, got -1.5 at step 2 of column Value"
    with pytest.raises(LogError, match=expected):
        read_text("Wall time,Step,Value\n1,1,2.5\n2,2,-1.5\n")


@pytest.mark.parametrize("text", ["step;grad_norm\n1;2\n2;3\n", "grad_norm\tstep\n2\t1\n3\t2\n", "\ngrad_norm\n2\n3\n"])
def test_other_tables(text: str) -> None:
    """Separated by semicolons or tabs, or with one column."""
    reading = read_text(text)
    assert reading.log_format.label == "CSV table"
    assert_run(only_run(reading), [1, 2], [2, 3], [nan] * 2)


def test_a_sentence_on_the_first_line_is_no_header() -> None:
    reading = read_text("Training with gradient norm logging, step by step\n{'loss': 1.0, 'grad_norm': 2.0}\n")
    assert_run(only_run(reading), [1], [2], [1])
