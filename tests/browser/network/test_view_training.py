"""The training of a user's own model: curves that grow on an open page while the program trains."""

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from cliffscape.app.notebook.show import show
from cliffscape.landscapes.models.model_landscape import VIEWS
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.trainings.comparison import Trainee, compare, train_in_turn
from cliffscape.landscapes.models.trainings.recorded_run import TrainingLog
from tests.landscapes.models.small_models import cross_entropy, perceptron, perceptron_view, vectors


@pytest.fixture
def view() -> ModelView:
    """A view of a small model."""
    return perceptron_view()


@pytest.fixture
def page(browser: Browser, view: ModelView) -> Iterator[Page]:
    """The page that ``show`` opens for it."""
    shown = show(view, open_tab=False)
    page = browser.new_page()
    page.goto(shown.url)
    yield page
    page.close()
    shown.stop()
    VIEWS.clear()


def descent(parameters: Iterator[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """Gradient descent."""
    return torch.optim.SGD(parameters, 0.5)


def test_a_comparison_opens_with_its_curves(browser: Browser, view: ModelView) -> None:
    found = compare(perceptron(), cross_entropy, vectors(), descent, 0.05, 4)
    shown = show(found.with_view(view), open_tab=False)
    page = browser.new_page()
    page.goto(shown.url)
    expect(page.locator("#map[data-key]")).to_be_visible()
    expect(page.locator("#whole-network")).to_be_visible()
    expect(page.locator("#training-status")).to_have_text("4 of 4 updates")
    page.close()
    shown.stop()
    VIEWS.clear()


def test_both_curves_grow_while_the_program_trains(page: Page, view: ModelView) -> None:
    section, status = page.locator("#whole-network"), page.locator("#training-status")
    expect(page.locator("#map[data-key]")).to_be_visible()
    expect(section).to_be_hidden()
    runs = [Trainee(perceptron(), cross_entropy, descent, clip, 10) for clip in (None, 0.05)]
    log, rows = TrainingLog(6), TrainingLog(6)
    view.trainings.append(log)
    train_in_turn(runs, vectors(), rows, 0)
    log.rows.extend(rows.rows[:2])
    expect(status).to_have_text("2 of 6 updates")
    expect(section).to_be_visible()
    expect(page.locator("#training-verdicts .with .sentence")).to_contain_text("100 % of the updates clipped")
    for name in ("train", "training-fields", "training-saving", "training-error"):
        expect(page.locator(f"#{name}")).to_be_hidden()
    log.rows.extend(rows.rows[2:])
    expect(status).to_have_text("6 of 6 updates")
    # Another training replaces it.
    view.trainings.append(TrainingLog(9, rows.rows[:1]))
    expect(status).to_have_text("1 of 9 updates")
