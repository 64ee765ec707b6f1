"""Metrics of MaxText, with norms before and after the clip."""

from tests.app.logs.read_text import assert_run, only_run, read_example, read_text


def test_the_norm_before_the_clip_is_taken() -> None:
    reading = read_example("maxtext.jsonl")
    assert reading.log_format.label == "MaxText" and reading.places == {"": "before"}
    run = only_run(reading)
    assert_run(run, [0, 1], [4, 0.5], [10.5, 10.25], [1e-4, 2e-4])
    assert run.others == ("learning/grad_norm",)


def test_without_it_the_norms_are_those_after_the_clip() -> None:
    reading = read_text('{"step": 1, "learning/loss": 2, "learning/grad_norm": 1}\n')
    assert reading.places == {"": "after"}
