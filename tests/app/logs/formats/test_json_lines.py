"""JSON lines, and lists of records."""

from math import inf, nan

from tests.app.logs.read_text import assert_run, only_run, read_example, read_text


def test_the_log_of_mmengine() -> None:
    reading = read_example("mmengine.json")
    assert reading.log_format.label == "JSON lines" and reading.places == {"": "before"}
    assert_run(only_run(reading), [50, 100], [2.5, 1.25], [1.75, 1.5], [0.01, 0.01])


def test_an_iteration_that_starts_again_in_every_epoch_is_no_step() -> None:
    text = "".join(f'{{"epoch": {k // 2}, "iter": {k % 2}, "grad_norm": {k}}}\n' for k in range(6))
    run = only_run(read_text(text))
    assert run.numbered
    assert_run(run, [1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [nan] * 6)


def test_inner_objects_and_values_that_are_no_numbers() -> None:
    first = '{"train": {"grad_norm": Infinity, "loss": null}, "step": 1, "tags": ["a"]}'
    text = f'{first}\n{{"train": {{"grad_norm": "2"}}, "step": 2}}'
    run = only_run(read_text(text))
    assert_run(run, [1, 2], [inf, 2], [nan, nan])
    assert run.columns["norm"] == "train/grad_norm"


def test_a_list_of_records() -> None:
    reading = read_text('[{"step": 1, "grad_norm": 2.0, "loss": 1},\n {"step": 2, "grad_norm": 3e0, "loss": 2}]')
    assert reading.log_format.label == "JSON list of records"
    assert_run(only_run(reading), [1, 2], [2, 3], [1, 2])
