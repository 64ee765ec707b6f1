"""The report as text."""

import re

import numpy as np

from cliffscape.app.advice.report import WIDTH, report
from cliffscape.app.logs.reading import LogReading
from cliffscape.landscapes.advice.advice import advise
from tests.app.advice.logs import csv_log, unstable
from tests.app.logs.read_text import read_example, read_text
from tests.landscapes.advice.logs import noisy


def text_of(reading: LogReading) -> str:
    """The report on the first run of a log."""
    key = next(iter(reading.runs))
    return report(reading, key, advise(reading.runs[key], reading.places[key]))


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def section(text: str, name: str) -> str:
    """One section of a report."""
    return next(part for part in text.split("\n\n" + name + "\n")[1:]).split("\n\n\n")[0]


def test_the_report_on_an_unstable_run() -> None:
    text = text_of(unstable())
    words = one_line(text)
    assert words.startswith("Log log: CSV table Columns: step = step, gradient norm = grad_norm, loss = loss.")
    for said in (
        "1,000 records with a gradient norm in 1,001 lines. Steps 10 to 10000. One step in 10 is logged.",
        "The log does not say whether these norms were taken before or after the clip.",
        "1 norm is Inf or NaN, at step 7010. No threshold repairs such a step; skip it.",
        "1 spike: a norm more than 5 times the median of the norms before it. After 1 of them the loss was higher.",
        "The run was unstable: 1 of 1000 norms are Inf or NaN, the first at step 7010.",
        "never back",
        "AutoClip would make finite gradients NaN from record 702 of 1,000 on",
        "- One step in 10 is logged. Spikes at the other steps are not in the log.",
    ):
        assert said in words
    threshold = re.search(r"Clip by norm at ([\d.]+); ([\d.]+) to ([\d.]+) is a reasonable range", words)
    assert threshold is not None and 1.8 <= float(threshold[1]) <= 2.2
    assert f"max_norm={float(threshold[1])})" in text and "(recommended)" in text


def test_lines_of_sentences_are_short() -> None:
    for line in text_of(unstable()).splitlines():
        assert len(line) <= WIDTH or "clip_grad_norm_" in line


def test_norms_before_the_clip_may_be_above_the_threshold() -> None:
    words = one_line(text_of(read_example("trainer_state.json")))
    assert (
        "These norms were taken before the clip, if that run had one. Values above its threshold are expected" in words
    )
    assert "There is no recommendation." in words and "max_grad_norm" not in words


def test_a_flat_ceiling_shows_norms_after_the_clip() -> None:
    norms = np.minimum(np.exp(np.random.default_rng(0).standard_normal(500)), 1.0)
    words = one_line(text_of(read_text(csv_log({"train/grad_norm": norms}))))
    assert "Many norms are equal to the largest one, 1." in words and "before the clip. Values" not in words
    assert "Keep the threshold 1 for now, log the norm before the clip, and ask again." in words


def test_other_runs_of_the_log_are_named() -> None:
    words = one_line(text_of(read_example("weights_and_biases.csv")))
    assert "This is the run 'lively-sun-1'. The others are 'calm-sea-2'; --run chooses one." in words


def test_a_warm_up_is_named_with_its_reason() -> None:
    rates = np.concatenate([np.linspace(0, 1, 21), np.ones(179)])
    words = one_line(text_of(read_text(csv_log({"grad_norm": noisy(200), "lr": rates}))))
    assert "The warm-up, 20 records until step 200, is set apart: the learning rate rises until then." in words


def test_a_log_without_finite_norms_has_a_report() -> None:
    words = one_line(text_of(read_text(csv_log({"grad_norm": np.full(30, np.nan)}))))
    assert "30 norms are Inf or NaN, at steps 10, 20, 30, 40, 50 and 25 more." in words
    assert "Clip would" not in words


def test_a_clip_that_leaves_the_largest_norm_says_so() -> None:
    words = one_line(text_of(read_text(csv_log({"grad_norm": np.full(30, 1.5)}))))
    assert words.count("It would leave the largest norm, 1.5, as it is.") == 2 and "would cut" not in words


def test_a_short_rise_of_the_loss_after_a_spike_is_not_denied() -> None:
    norms, losses = noisy(200, 1.0), np.ones(200)
    norms[100], losses[101:106] = 40, 5
    words = section(text_of(read_text(csv_log({"grad_norm": norms, "loss": losses}))), "Spikes")
    assert "The loss did not stay higher after any of them" in one_line(words)
