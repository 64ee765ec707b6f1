"""Standard output of torchtitan."""

from tests.app.logs.read_text import assert_run, only_run, read_example


def test_colours_are_left_out() -> None:
    reading = read_example("torchtitan.txt")
    assert reading.log_format.label == "torchtitan" and reading.places == {"": "before"}
    assert_run(only_run(reading), [1, 10], [2.8199, 1.25], [12.2721, 9.5])
