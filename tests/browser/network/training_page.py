"""Training on the page, and the same training run computed here."""

import functools
import re

from playwright.sync_api import Locator, expect

from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.runs.training_result import format_share
from cliffscape.app.runs.verdicts import format_number
from tests.browser import expected
from tests.browser.network.network_page import await_idle_worker
from tests.browser.visitor import Visitor

NET = (
    "?landscape=recurrent_network&landscape.batch_size=4&cell.hidden_units=4&task.sequence_length=10"
    "&optimizer.learning_rate=1&steps=20&updates={}"
)
SHORT = NET.format(120)
LONG = NET.format(20000)
NAMES = {"without": "Without clipping", "with": "With clipping"}


@functools.cache
def training_run(query: str) -> TrainingRun:
    """The training run of a link, completed."""
    chosen = expected.scene(query)
    run = initial_run(chosen)
    while run.done < chosen.updates:
        run.advance(chosen.updates, 0.1)
    return run


def mean_loss(query: str, run: str) -> float:
    """The mean loss over the last twenty updates of a run, or over all if there are fewer."""
    last = training_run(query).rows[-20:]
    return sum(float(row[0][list(NAMES).index(run), 0]) for row in last) / len(last)


def outcome(query: str, run: str) -> str:
    """What the page must say about one of the two runs."""
    finished, k = training_run(query), list(NAMES).index(run)
    wrong = format_share(float(finished.errors[-1][k, 0]))
    said = f"loss {format_number(mean_loss(query, run))}; {wrong} of 200 new sequences wrong"
    clipped = sum(float(row[2][k, 0]) < 1 - 1e-6 for row in finished.rows) / finished.done
    return said if run == "without" else f"{said}; {format_share(clipped)} of the updates clipped"


def button(visitor: Visitor) -> Locator:
    """The button that says Train, Pause or Resume."""
    return visitor.page.locator("#train")


def status(visitor: Visitor) -> Locator:
    """The number of updates done."""
    return visitor.page.locator("#training-status")


def count_updates(visitor: Visitor) -> int:
    """The number of updates on the page."""
    found = re.match(r"([\d,]+) of [\d,]+ updates", status(visitor).inner_text())
    assert found
    return int(found[1].replace(",", ""))


def verdict(visitor: Visitor, run: str) -> Locator:
    """The sentence about one of the two runs."""
    return visitor.page.locator(f"#training-verdicts .{run} .sentence")


def discard(visitor: Visitor) -> None:
    """Discard the training run."""
    visitor.page.locator("#discard").click()
    expect(visitor.page.locator("#training-result")).to_be_hidden()
    await_idle_worker(visitor)
