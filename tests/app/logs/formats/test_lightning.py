"""Lightning's ``metrics.csv``."""

from tests.app.logs.read_text import assert_run, only_run, read_example, read_text


def test_rows_of_a_step_are_joined() -> None:
    """The logger writes norm, learning rate and loss of a step in separate rows with blank cells."""
    reading = read_example("lightning_metrics.csv")
    assert reading.log_format.label == "Lightning (metrics.csv)"
    run = only_run(reading)
    assert_run(run, [0, 50], [1.3, 0.5], [2.75, 2.5], [0.001, 0.001])
    assert (run.columns["norm"], run.columns["loss"]) == ("grad_2.0_norm_total", "train_loss")


def test_norms_of_single_parameters_give_the_norm_of_all() -> None:
    reading = read_text("epoch,step,grad_2.0_norm/bias,grad_2.0_norm/weight\n0,0,3.0,4.0\n0,50,,\n0,100,inf,1\n")
    assert_run(only_run(reading), [0, 100], [5, float("inf")], [float("nan")] * 2)
