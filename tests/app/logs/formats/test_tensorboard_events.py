"""Event files that TensorBoard's own writer wrote."""

from math import inf, nan

from tests.app.logs.read_text import assert_run, only_run, read_example


def test_scalars_of_both_kinds() -> None:
    """Numbers and tensors of two types, among a histogram and a text, with steps in several events."""
    reading = read_example("tensorboard.events")
    assert reading.log_format.label == "TensorBoard (event file)"
    run = only_run(reading)
    losses, rates = [2.5, 2.25, nan, nan, nan, nan], [nan, 0.5, nan, nan, nan, nan]
    assert_run(run, [1, 2, 3, 4, 5, 6], [1.25, 0.75, 3.5, 4.5, inf, nan], losses, rates)
    assert (run.columns["norm"], run.columns["loss"]) == ("train/grad_norm", "train/loss")
    assert reading.counts.broken == 0
