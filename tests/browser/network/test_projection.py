"""A training run, projected onto the plane of the slice."""

import torch
from playwright.sync_api import expect

from cliffscape.app.runs.network import View, build_view
from cliffscape.app.runs.training_result import format_share
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.schema import Scene
from tests.browser import expected
from tests.browser.export.menu_page import entry, open_menu
from tests.browser.network.network_page import HASH, await_link_with, expect_verdicts
from tests.browser.network.training_page import SHORT, training_run
from tests.browser.visitor import Visitor


def view_of(chosen: Scene) -> View:
    """The network of a Scene on its slice."""
    work = build_view(chosen)
    while True:
        try:
            next(work)
        except StopIteration as done:
            view: View = done.value
            return view


def projection_sentences(query: str) -> list[str]:
    """What the page must say about each run's projection."""
    run, view = training_run(query), view_of(expected.scene(query))
    theta, _ = run.positions(expected.scene(query).updates)
    _, distance = view.slice.project(theta)
    loss = view.subject.net.value(view.subject.batch)(theta[-1])
    offset = theta - theta.mean(0)
    basis = torch.linalg.qr(view.slice.directions.mT)[0]
    inside = ((offset @ basis) ** 2).sum((0, 2)) / (offset**2).sum((0, 2))
    return [
        f"{format_share(float(inside[k]))} of its variance lies in the plane; "
        f"it ends at a distance of {format_number(float(distance[-1, k]))} "
        f"from the plane, with a true loss of {format_number(float(loss[k]))}"
        for k in range(2)
    ]


def test_the_projection_replaces_the_descent_on_the_map(trainer: Visitor) -> None:
    expect_verdicts(trainer)
    words = trainer.page.locator("#projection-words")
    descent = trainer.page.evaluate(HASH, "map-overlay")
    trainer.choose("path", "projection")
    await_link_with(trainer, "path=projection")
    for said in projection_sentences(SHORT):
        expect(words).to_contain_text(said)
    expect(words).to_contain_text("Its points do not lie on the surface")
    trainer.frames()
    projection = trainer.page.evaluate(HASH, "map-overlay")
    assert projection != descent
    trainer.choose("path", "descent")
    expect(words).to_be_empty()
    trainer.frames()
    assert trainer.page.evaluate(HASH, "map-overlay") == descent


def test_there_is_no_animation_of_a_projection(trainer: Visitor) -> None:
    trainer.choose("path", "projection")
    await_link_with(trainer, "path=projection")
    open_menu(trainer)
    entry(trainer, "gif").click()
    expect(trainer.page.locator("#notice")).to_contain_text("the projection of a training run and not the descent")
    trainer.choose("path", "descent")
