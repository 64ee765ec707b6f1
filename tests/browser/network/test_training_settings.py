"""A training run and its settings: resumed after a reload, and kept when another run is chosen."""

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.network.network_page import HASH, await_idle_worker, await_link_with
from tests.browser.network.training_page import LONG, button, count_updates, discard, status
from tests.browser.visitor import Visitor


def test_a_reload_continues_a_running_training(fresh_visit: Visit) -> None:
    visitor = fresh_visit(LONG)
    # A setting chosen by a control, not by the link.
    visitor.field("cell").select_option("relu_rnn")
    await_link_with(visitor, "cell=relu_rnn")
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"^\d{2,} of"))
    before = count_updates(visitor)
    visitor.page.reload()
    visitor.await_verdict()
    expect(button(visitor)).to_have_text("Pause")
    expect(status(visitor)).to_have_text(re.compile(r"^\d.*updates"))
    assert count_updates(visitor) >= before
    # A paused run is not resumed by a reload.
    button(visitor).click()
    expect(button(visitor)).to_have_text("Resume")
    visitor.page.reload()
    visitor.await_verdict()
    expect(button(visitor)).to_have_text("Train")
    await_idle_worker(visitor)


def test_other_settings_mark_the_curves_as_stale(trainer: Visitor) -> None:
    stale, curves = trainer.page.locator("#training-stale"), "training-loss"
    expect(stale).to_be_hidden()
    before = trainer.page.evaluate(HASH, curves)
    trainer.type("optimizer.learning_rate", "0.3")
    expect(stale).to_contain_text("previous settings")
    expect(status(trainer)).to_be_empty()
    assert trainer.page.evaluate(HASH, curves) == before
    trainer.type("optimizer.learning_rate", "1")
    expect(stale).to_be_hidden()
    # The slice, the start and the descent's steps are not settings of the training run.
    trainer.type("steps", "10")
    trainer.field("slice").select_option("random_directions")
    await_link_with(trainer, "slice=random_directions")
    expect(stale).to_be_hidden()


def test_other_settings_pause_a_running_training(visit: Visit) -> None:
    visitor = visit(LONG)
    button(visitor).click()
    expect(button(visitor)).to_have_text("Pause")
    expect(status(visitor)).to_have_text(re.compile("of 20,000 updates; .* updates/s"))
    visitor.type("clip.threshold", "0.3")
    expect(button(visitor)).to_have_text("Train")
    await_idle_worker(visitor)
    visitor.type("clip.threshold", "0.2")
    expect(button(visitor)).to_have_text("Resume")
    discard(visitor)


def test_training_is_shown_for_networks_only(trainer: Visitor) -> None:
    choose_preset(trainer, "himmelblau/0")
    expect(trainer.page.locator("#training")).to_be_hidden()
    await_link_with(trainer, "landscape=himmelblau")
    trainer.page.go_back()
    expect(trainer.page.locator("#training")).to_be_visible()
    expect(status(trainer)).to_have_text("120 of 120 updates")


def test_a_complete_run_is_not_requested_again(trainer: Visitor) -> None:
    before = trainer.asked()
    button(trainer).click()
    trainer.frames(3)
    assert trainer.requests[before:] == []
    expect(status(trainer)).to_have_text("120 of 120 updates")
    expect(button(trainer)).to_have_text("Train")


def test_a_complete_run_is_still_complete_after_a_visit_to_another(trainer: Visitor) -> None:
    waiting: list[Route] = []
    trainer.page.route("**/frames", lambda route: waiting.append(route))  # noqa: PLW0108, it wraps functions alone
    trainer.type("optimizer.learning_rate", "0.3")
    await_link_with(trainer, "optimizer.learning_rate=0.3")
    button(trainer).click()
    expect(button(trainer)).to_have_text("Pause")
    # Back to the first run before the other one has sent anything.
    trainer.page.go_back()
    expect(status(trainer)).to_have_text("120 of 120 updates")
    expect(button(trainer)).to_have_text("Train")
    expect(trainer.page.locator("#discard")).to_be_hidden()
    trainer.page.unroute("**/frames")
    for route in waiting:
        route.continue_()
