"""Bad input on the page: a message next to the field names field, value and bound; the last valid picture stays."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

# What is typed into a field, and what the message must contain besides it.
NONSENSE = {
    "optimizer.learning_rate": [
        ("abc", ("number",)),
        ("-5", ("0.000001",)),
        ("1e99", ("10",)),
        ("NaN", ("number",)),
        ("Infinity", ("number",)),
        ("1e999", ("number",)),
        ("", ("number", "nothing")),
        ("   ", ("number", "nothing")),
    ],
    "clip.threshold": [("0", ("0.000001",)), ("1001", ("1000",))],
    "steps": [("0", ("1",)), ("100001", ("100000",)), ("2.5", ("whole",)), ("<b>60</b>", ("number",))],
    "landscape.sequence_length": [("101", ("100",)), ("12.7", ("whole",))],
    "landscape.target": [("1.5", ("1",))],
    "start.0": [("abc", ("number",)), ("1e99", ("5.7",)), ("100", ("5.7",))],
    "start.1": [("", ("number", "nothing")), ("-50", ("-3",))],
}
PICTURE = """() => ['heat', 'map-overlay'].map((id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
})"""


@pytest.fixture(scope="module")
def mistyper(long_visit: Visit) -> Visitor:
    """A visitor for tests of bad input."""
    visitor = long_visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    return visitor


@pytest.mark.parametrize("field", NONSENSE)
def test_invalid_input_shows_a_message_and_changes_nothing(mistyper: Visitor, field: str) -> None:
    visitor = mistyper
    good = visitor.field(field).input_value()
    before = visitor.verdicts(), visitor.page.evaluate(PICTURE), visitor.link()
    problem, name = visitor.problem(field), visitor.label(field)
    for text, bound in NONSENSE[field]:
        visitor.type(field, text)
        expect(problem).to_contain_text(f"got {text.strip() or 'nothing'}")
        expect(problem).to_be_visible()
        for part in (f"{name} must be ", *bound):
            expect(problem).to_contain_text(part)
        assert "\n" not in problem.inner_text()
        visitor.frames(5)
        assert (visitor.verdicts(), visitor.page.evaluate(PICTURE), visitor.link()) == before
    visitor.type(field, good)
    expect(problem).to_be_hidden()
    expect(visitor.field(field)).to_have_attribute("aria-invalid", "false")
    visitor.frames(5)
    assert visitor.verdicts() == before[0]
    assert visitor.page.locator("#notice").is_hidden()


def test_the_problem_is_tied_to_its_field(visit: Visit) -> None:
    visitor = visit()
    box = visitor.field("optimizer.learning_rate")
    visitor.type("optimizer.learning_rate", "abc")
    expect(box).to_have_attribute("aria-invalid", "true")
    described = (box.get_attribute("aria-describedby") or "").split()
    texts = [visitor.page.locator(f"#{name}").text_content() or "" for name in described]
    assert any("must be a number, got abc" in text for text in texts)
    others = visitor.page.locator(".problem:not(:empty)")
    expect(others).to_have_count(1)


def test_a_valid_number_after_an_invalid_one_is_used(visit: Visit) -> None:
    visitor = visit()
    visitor.type("optimizer.learning_rate", "much")
    visitor.type("optimizer.learning_rate", "0.25")
    expect(visitor.problem("optimizer.learning_rate")).to_be_hidden()
    visitor.until("() => location.search === '?optimizer.learning_rate=0.25'")
    assert visitor.verdicts() == expected.verdicts("optimizer.learning_rate=0.25")


def test_an_invalid_field_does_not_block_the_others(visit: Visit) -> None:
    visitor = visit()
    visitor.type("optimizer.learning_rate", "much")
    visitor.type("clip.threshold", "0.1")
    visitor.until("() => location.search === '?clip.threshold=0.1'")
    assert visitor.verdicts() == expected.verdicts("clip.threshold=0.1")


def test_a_half_typed_number_is_not_changed(visit: Visit) -> None:
    """Typing 0.05 passes through 0, which is out of bounds, and through 0.0."""
    visitor = visit()
    box = visitor.field("optimizer.learning_rate")
    box.click(click_count=3)
    visitor.page.keyboard.type("0.")
    visitor.frames()
    expect(box).to_have_value("0.")
    visitor.page.keyboard.type("05")
    expect(box).to_have_value("0.05")
    visitor.page.keyboard.press("Enter")
    visitor.until("() => location.search === '?optimizer.learning_rate=0.05'")
    assert visitor.verdicts() == expected.verdicts("optimizer.learning_rate=0.05")


def test_dragging_the_start_clears_the_problem_of_a_typed_one(visit: Visit) -> None:
    visitor = visit()
    visitor.type("start.0", "abc")
    expect(visitor.problem("start.0")).to_be_visible()
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 30, y))
    expect(visitor.problem("start.0")).to_be_hidden()
    assert visitor.start()[0] < 4.6


def test_sliders_stop_at_their_bounds(visit: Visit) -> None:
    visitor = visit()
    for field, bounds in (
        ("optimizer.learning_rate", ["0.000001", "10"]),
        ("clip.threshold", ["0.000001", "1000"]),
        ("steps", ["1", "100000"]),
        ("landscape.sequence_length", ["1", "100"]),
    ):
        for key, bound in zip(("Home", "End"), bounds, strict=True):
            visitor.slider(field).press(key)
            visitor.frames()
            expect(visitor.field(field)).to_have_value(bound)
            expect(visitor.problem(field)).to_be_hidden()
    assert visitor.verdicts().keys() == {"without", "with"}


def test_leaving_a_field_does_not_move_the_button_that_is_pressed(visit: Visit) -> None:
    """A field's help is hidden when the field loses focus, between mouse down and mouse up."""
    visitor = visit()
    visitor.field("optimizer.learning_rate").focus()
    visitor.page.mouse.click(*visitor.centre("[data-field='runs'] button[data-value='with']"))
    expect(visitor.page.locator("[data-field='optimizer.learning_rate'] .about")).to_be_hidden()
    expect(visitor.sentence("without")).to_be_hidden()


def test_the_help_of_a_field_does_not_move_the_page(visit: Visit) -> None:
    visitor = visit()
    runs = "[data-field='runs'] button[data-value='with']"
    expect(visitor.page.locator("#stable")).not_to_be_empty()
    before = visitor.centre(runs)
    visitor.field("optimizer.learning_rate").focus()
    expect(visitor.page.locator("[data-field='optimizer.learning_rate'] .about")).to_be_visible()
    assert visitor.centre(runs) == before


def test_a_focused_field_shows_a_value_that_is_set_elsewhere(visit: Visit) -> None:
    visitor = visit()
    visitor.type("optimizer.learning_rate", "0.05")
    visitor.until("() => location.search === '?optimizer.learning_rate=0.05'")
    expect(visitor.field("optimizer.learning_rate")).to_be_focused()
    visitor.page.go_back()
    expect(visitor.field("optimizer.learning_rate")).to_have_value("0.5")
    expect(visitor.field("optimizer.learning_rate")).to_be_focused()


@pytest.mark.parametrize(
    ("query", "field", "values"),
    [
        ("", "landscape.sequence_length", ["51", "52", "53"]),
        ("", "steps", ["61", "62", "63"]),
        ("?landscape=repeated_composition", "landscape.repetitions", ["6", "6"]),
        ("?clip=random_step", "clip.seed", ["1", "2"]),
    ],
)
def test_an_arrow_key_moves_a_whole_number_by_one(visit: Visit, query: str, field: str, values: list[str]) -> None:
    visitor = visit(query)
    for value in values:
        visitor.slider(field).press("ArrowRight")
        visitor.frames()
        expect(visitor.field(field)).to_have_value(value)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?landscape=product_of_weights", "landscape.target"),
        ("?landscape=ravine&landscape.condition_number=1", "landscape.condition_number"),
        ("?landscape.initial_state=1.5", "landscape.initial_state"),
        ("", "landscape.target"),
    ],
)
def test_arrow_keys_always_change_a_rounded_number(visit: Visit, query: str, field: str) -> None:
    """Rounding to three digits must not bring the slider back to where it was."""
    visitor = visit(query)
    before = float(visitor.field(field).input_value())
    for _ in range(4):
        visitor.slider(field).press("ArrowRight")
        visitor.frames()
    assert float(visitor.field(field).input_value()) > before
