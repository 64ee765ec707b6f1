"""The curves of a training run are saved from the page, once the run has finished or is paused."""

import csv
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from cliffscape.app.scene.metadata import version
from tests.browser.conftest import Visit
from tests.browser.network.network_page import await_idle_worker
from tests.browser.network.training_page import LONG, SHORT, button, count_updates, discard, status, training_run
from tests.browser.visitor import Visitor


def download(visitor: Visitor, format: str) -> Path:
    """The file behind a link."""
    with visitor.page.expect_download() as waiting:
        visitor.page.locator(f"#training-{format}").click()
    assert waiting.value.suggested_filename == f"recurrent-network-not-solved-training.{format}"
    path: Path = waiting.value.path()
    return path


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, below the comment with its link."""
    comment, *lines = path.read_text(encoding="utf-8").splitlines()
    assert comment.startswith(f"# Cliffscape {version()} ?landscape=recurrent_network")
    return list(csv.DictReader(lines))


def test_the_curves_of_a_finished_run_are_saved(trainer: Visitor) -> None:
    rows = read_table(download(trainer, "csv"))
    with np.load(download(trainer, "npz"), allow_pickle=False) as file:
        arrays = dict(file)
    expected = np.stack(training_run(SHORT).rows)[..., 0]
    assert len(rows) == 2 * 120
    for k, name in enumerate(("loss", "gradient_norm", "clip_factor")):
        assert arrays[name].tobytes() == expected[:, k].T.tobytes()
        assert np.array([float(row[name]) for row in rows]).tobytes() == arrays[name].tobytes()
    # The curves below no longer belong to the link of the page.
    trainer.type("optimizer.learning_rate", "0.3")
    expect(trainer.page.locator("#training-stale")).to_be_visible()
    expect(trainer.page.locator("#training-saving")).to_be_hidden()


def test_the_curves_of_a_paused_run_are_saved_as_far_as_they_are_shown(visit: Visit) -> None:
    visitor = visit(LONG)
    saving = visitor.page.locator("#training-saving")
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"^[1-9]\d* of 20,000 updates; "))
    expect(saving).to_be_hidden()
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"paused$"))
    await_idle_worker(visitor)
    expect(saving).to_be_visible()
    shown = count_updates(visitor)
    rows = read_table(download(visitor, "csv"))
    assert len(rows) == 2 * shown
    assert rows[-1]["update"] == str(shown)
    discard(visitor)
    expect(saving).to_be_hidden()
