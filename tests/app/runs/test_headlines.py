"""Headlines: one short sentence for every outcome, in correct English."""

import re

import pytest

from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.verdicts import headline
from tests.app.runs.verdict_scenes import LINKS, runs_of, scene_of

# Three lines on a phone, in type that is hardly smaller.
LONGEST = 115
EXAMPLES: list[tuple[str, RunName, str]] = [
    ("", "without", "Without clipping, step 13 throws the run 9.45 units away, and its loss ends at 0.09."),
    ("", "with", "With clipping at norm 0.2, the loss reaches 0.0009 and still oscillates."),
    ("clip=by_value", "with", "With clipping at threshold 0.2, "),
    ("clip=autoclip", "with", "With clipping, "),
    ("clip=step_by_norm&clip.threshold=0.1", "with", "With clipping at threshold 0.1, "),
    (
        "landscape=product_of_weights&optimizer.learning_rate=0.03&clip.threshold=1&steps=100",
        "without",
        "Without clipping, step 2 throws the run 13.7 units away, and it diverges at step 5.",
    ),
    ("steps=1", "without", "Without clipping, the loss is 0.0507 after 1 step and still falling."),
    (
        "landscape=repeated_composition&optimizer.learning_rate=0.01",
        "without",
        "Without clipping, the loss is −1.46 after 60 steps, and its curve is flat.",
    ),
    (
        "landscape=saddle&start=0,0",
        "without",
        "Without clipping, the run comes to rest at a saddle, with a loss of 0.25.",
    ),
    ("optimizer=momentum&steps=200", "with", "With clipping at norm 0.2, the run converges to a loss of 5.93e−11."),
    (
        "landscape=large_example&optimizer.learning_rate=10&clip=none",
        "without",
        "Without clipping, step 0 takes the run 21.4 units away to a lower loss, and its loss ends at −2730.",
    ),
]


def headline_of(link: str, run: RunName) -> str:
    """The headline of a run of a link."""
    _, found = runs_of(link)[run]
    return headline(scene_of(link), found, run)


@pytest.mark.parametrize(("link", "run", "sentence"), EXAMPLES)
def test_examples(link: str, run: RunName, sentence: str) -> None:
    assert headline_of(link, run).startswith(sentence)


@pytest.mark.parametrize("link", LINKS)
def test_headlines_are_short_sentences(link: str) -> None:
    """Every scene has a headline, with singular and plural right and no placeholder left."""
    for run in runs_of(link):
        sentence = headline_of(link, run)
        assert sentence.endswith(".") and len(sentence) <= LONGEST
        assert not re.search(r"{|}|nan|\b1 steps|(?<!\b1) step (and|;)", sentence)


def test_a_thrown_run_that_comes_back_says_both() -> None:
    found = headline_of("landscape=outlier&optimizer=adamw&optimizer.learning_rate=10", "without")
    thrown = "the run is thrown 14.6 units at step 0, comes back, and still oscillates at a loss of 0.00074."
    assert found == f"Without clipping, {thrown}"
    settled = headline_of("landscape=outlier&optimizer=adamw&optimizer.learning_rate=10&schedule=cosine", "without")
    assert re.fullmatch(
        r"Without clipping, the run is thrown 14.6 units at step 0 and still converges, to a loss of \S+\.", settled
    )


def risen_recently(losses: list[float], solved: float) -> bool:
    """Whether one of the last ten losses, or of the last tenth, has risen from below ``solved``."""
    recent = max(10, len(losses) // 10)
    lowest = [min(losses[: k + 1]) for k in range(len(losses))]
    last = list(zip(losses, lowest, strict=True))[-recent:]
    return any(low < solved and loss - low > 0.01 * (solved - low) for loss, low in last)


@pytest.mark.parametrize("link", LINKS)
def test_a_run_whose_loss_swings_at_its_end_is_not_said_to_converge(link: str) -> None:
    solved = scene_of(link).surface.solved
    for run, (record, found) in runs_of(link).items():
        if found.outcome == "converged":
            assert solved is not None
            oscillates = risen_recently(record.loss.tolist(), solved)
            assert oscillates == ("oscillates" in found.clauses)
            assert oscillates != ("converges" in headline_of(link, run))
