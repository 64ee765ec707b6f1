"""Logs of fairseq."""

from tests.app.logs.read_text import assert_run, only_run, read_example, read_text


def test_records_within_an_epoch_are_preferred_to_those_of_whole_epochs() -> None:
    """All numbers are texts."""
    reading = read_example("fairseq.txt")
    assert reading.log_format.label == "fairseq" and reading.places == {"": "before"}
    run = only_run(reading)
    assert_run(run, [100, 200], [1.682, 1.25], [13.25, 11.5], [1.25e-5, 2.5e-5])
    assert run.columns == {"step": "num_updates", "norm": "gnorm", "loss": "loss", "learning_rate": "lr"}
    assert run.others == ("train_gnorm",)


def test_records_of_epochs_alone() -> None:
    line = '| train | {"train_loss": "7.5", "train_num_updates": "%d", "train_lr": "0.5", "train_gnorm": "%s"}\n'
    run = only_run(read_text(line % (100, "1.5") + line % (200, "nan")))
    assert_run(run, [100, 200], [1.5, float("nan")], [7.5, 7.5], [0.5, 0.5])
