"""The controls of a recurrent network: cell, task, slice, parameters by name, and Cancel."""

import re

from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.network.network_page import (
    HASH,
    NET,
    await_finest_picture,
    await_idle_worker,
    await_link_with,
    await_link_without,
    await_other_picture,
    expect_verdicts,
    picture_key,
)


def test_cell_task_initialisation_and_slice_are_controls(visit: Visit) -> None:
    visitor = visit(NET)
    facts = visitor.page.locator("#slice-facts")
    visitor.type("start.0", "2.9")
    await_link_with(visitor, "start=2.9")
    expect(facts).to_have_text(re.compile(r"^156 parameters; loss of guessing 1\.39; spectral radius 0\.\d+$"))
    for family, kind, words in (
        ("cell", "gru", "404 parameters; loss of guessing 1.39; spectral radius"),
        ("task", "adding", "281 parameters; loss of guessing 0.167; spectral radius"),
        ("initialisation", "framework_default", "281 parameters; loss of guessing 0.167; spectral radius"),
        ("slice", "random_directions", "281 parameters; loss of guessing 0.167"),
    ):
        before, said = picture_key(visitor.page), facts.inner_text()
        visitor.field(family).select_option(kind)
        await_link_with(visitor, f"{family}={kind}")
        await_other_picture(visitor, before)
        expect(facts).to_contain_text(words)
        expect(facts).not_to_have_text(said)
    # Another plane has other coordinates, so the start that was dragged on the old plane is dropped.
    await_link_without(visitor, "start=")
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("random direction 1")
    expect(visitor.field("task.sequence_length")).to_have_value("12")
    expect_verdicts(visitor)


def test_two_parameters_by_name(visit: Visit) -> None:
    visitor = visit(f"{NET}&slice=coordinates")
    picture = picture_key(visitor.page)
    visitor.type("slice.first", "weight_hh[1,0]")
    await_link_with(visitor, "slice.first=weight_hh[1,0]")
    await_other_picture(visitor, picture)
    await_finest_picture(visitor)
    expect(visitor.page.locator("[data-field='start.0'] label")).to_have_text("weight_hh[1,0]")
    expect_verdicts(visitor)


def test_an_unknown_parameter_is_refused_next_to_its_control(visit: Visit) -> None:
    visitor = visit(f"{NET}&slice=coordinates")
    picture, said = visitor.page.evaluate(HASH, "heat"), visitor.verdicts()
    for typed, reason in (
        ("weight_hh[99,0]", "First must be weight_hh with a row from 0 to 7, got "),
        ("nonsense", "First must be a parameter of the net such as weight_ih.*, got "),
    ):
        visitor.type("slice.first", typed)
        expect(visitor.problem("slice.first")).to_have_text(re.compile(f"{reason}.*{re.escape(typed)}"))
        expect(visitor.field("slice.first")).to_have_attribute("aria-invalid", "true")
    expect(visitor.page.locator("#progress")).to_be_hidden()
    assert visitor.page.evaluate(HASH, "heat") == picture
    assert visitor.verdicts() == said
    visitor.type("slice.first", "weight_hh[7,7]")
    await_link_with(visitor, "slice.first=weight_hh[7,7]")
    expect(visitor.problem("slice.first")).to_be_hidden()
    await_finest_picture(visitor)
    expect_verdicts(visitor)
    # The browser writes every response with an error status to the console.
    visitor.errors[:] = [error for error in visitor.errors if "status of 422" not in error]


def test_longer_sequences_have_another_surface_and_another_gradient_flow(visit: Visit) -> None:
    visitor = visit(NET)
    expect(visitor.page.locator("#gradient-flow-words")).to_contain_text(
        "derivative of the loss with respect to the first hidden state"
    )
    picture, words = picture_key(visitor.page), visitor.page.locator("#gradient-flow-words").inner_text()
    wall = visitor.page.evaluate(HASH, "gradient-flow-norms")
    slider = visitor.slider("task.sequence_length")
    slider.focus()
    for _ in range(6):
        visitor.page.keyboard.press("ArrowRight")
    expect(visitor.field("task.sequence_length")).to_have_value("18")
    await_link_with(visitor, "task.sequence_length=18")
    await_other_picture(visitor, picture)
    expect(visitor.page.locator("#gradient-flow-words")).not_to_have_text(words)
    assert visitor.page.evaluate(HASH, "gradient-flow-norms") != wall
    await_finest_picture(visitor)
    expect_verdicts(visitor)


def test_cancel_stops_the_surface_and_keeps_the_picture_so_far(visit: Visit) -> None:
    visitor = visit(NET)
    picture = picture_key(visitor.page)
    visitor.type("task.sequence_length", "80")
    visitor.type("landscape.batch_size", "64")
    visitor.type("cell.hidden_units", "48")
    await_other_picture(visitor, picture)
    expect(visitor.page.locator("#progress")).to_be_visible()
    button = visitor.page.locator("#cancel")
    button.click()
    expect(button).to_have_text("Resume")
    await_idle_worker(visitor)
    sofar = picture_key(visitor.page)
    assert sofar not in (picture, expected.picture(visitor.link()))
    visitor.frames(10)
    assert picture_key(visitor.page) == sofar
    side = visitor.page.locator("#map").get_attribute("data-columns")
    expect(visitor.page.locator("#progress-words")).to_have_text(f"Stopped at {side} × {side} points")
    expect_verdicts(visitor)
    button.click()
    expect(button).to_have_text("Cancel")
    expect(visitor.page.locator("#progress-share")).to_be_visible()
    # Back to the Scene of the relief's surface: the map shows its finest picture again.
    for field, value in (("cell.hidden_units", "8"), ("landscape.batch_size", "4"), ("task.sequence_length", "12")):
        visitor.type(field, value)
    visitor.until("(key) => document.getElementById('map').dataset.key === key", picture)
    expect(visitor.page.locator("#progress")).to_be_hidden()


def test_the_map_can_show_its_gradient_norm(visit: Visit) -> None:
    visitor = visit(NET)
    await_finest_picture(visitor)
    picture, loss = picture_key(visitor.page), visitor.page.evaluate(HASH, "heat")
    visitor.choose("colour", "gradient_norm")
    await_link_with(visitor, "colour=gradient_norm")
    await_other_picture(visitor, picture)
    await_finest_picture(visitor)
    assert visitor.page.evaluate(HASH, "heat") != loss
    visitor.choose("colour", "loss")
    visitor.until("(key) => document.getElementById('map').dataset.key === key", picture)
    assert visitor.page.evaluate(HASH, "heat") == loss
