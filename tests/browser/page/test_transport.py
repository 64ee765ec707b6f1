"""The animation: play, pause, step, scrub and speed, by mouse and by keys; and hovering over a curve."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

CURVES = ["loss", "gradient_norm", "step_length"]
# The curves' margins, static/js/views/curves/curve_scale.js.
LEFT, RIGHT = 44, 12
RECORD = """() => {
  const own = (window.seen = []);
  const scrub = document.getElementById('scrub');
  const look = () => {
    own.push(Number(scrub.value));
    if (window.seen === own) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def record(visitor: Visitor) -> None:
    """Note the step in every frame from here on."""
    visitor.page.evaluate(RECORD)


def steps(visitor: Visitor) -> list[float]:
    """The steps seen since."""
    found: list[float] = visitor.page.evaluate("seen")
    return found


def button(visitor: Visitor, name: str) -> None:
    """Press one of the transport's buttons."""
    visitor.page.locator(f"#{name}").click()
    visitor.frames()


def playing(visitor: Visitor) -> bool:
    """Whether the play button is pressed."""
    return visitor.page.locator("#play").get_attribute("aria-pressed") == "true"


def over(visitor: Visitor, curve: str, step: int) -> tuple[float, float]:
    """The pixel of a step in a curve of 60 steps."""
    canvas = visitor.page.locator(f"#curve-{curve}")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + LEFT + step / 60 * (box["width"] - LEFT - RIGHT), box["y"] + 40


def test_play_from_the_end_starts_over_and_reaches_the_end(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="50/s")
    record(visitor)
    button(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    seen = steps(visitor)
    first = next(k for k, step in enumerate(seen) if step < 60)
    run = seen[first:]
    assert run[0] < 10
    assert run == sorted(run)
    assert len(set(run)) > 10
    assert run[-1] == 60
    assert visitor.step() == 60
    expect(visitor.page.locator("#play")).to_have_text("Play")


def test_play_from_the_middle_goes_on_from_there(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#scrub").fill("30")
    visitor.page.locator("#speed").select_option(label="20/s")
    record(visitor)
    button(visitor, "play")
    visitor.until("() => seen.at(-1) > 33")
    assert min(steps(visitor)) >= 30


def test_the_step_never_runs_backwards(visit: Visit) -> None:
    """The time of the first frame may lie before the press of the button."""
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="50/s")
    button(visitor, "first")
    record(visitor)
    for _ in range(4):
        button(visitor, "play")
        button(visitor, "play")
        button(visitor, "first")
    assert min(steps(visitor)) >= 0


def test_pause_stops(visit: Visit) -> None:
    visitor = visit()
    button(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_text("Pause")
    visitor.until(
        "() => { const step = Number(document.getElementById('scrub').value); return step > 2 && step < 60; }"
    )
    button(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_text("Play")
    visitor.frames()
    record(visitor)
    visitor.frames(20)
    assert len(set(steps(visitor))) == 1
    assert 2 <= visitor.step() < 60


def test_playing_moves_the_picture_and_the_readout(visit: Visit) -> None:
    visitor = visit()
    picture = """() => {
      const canvas = document.getElementById('map-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
    }"""
    at_the_end = visitor.page.evaluate(picture), visitor.readout("with")
    button(visitor, "play")
    visitor.until(
        "() => { const step = Number(document.getElementById('scrub').value); return step > 2 && step < 50; }"
    )
    button(visitor, "play")
    assert visitor.page.evaluate(picture) != at_the_end[0]
    assert visitor.readout("with") == expected.readout("", "with", visitor.step())


def test_buttons_step(visit: Visit) -> None:
    visitor = visit()
    seen = []
    for name in ("first", "forward", "forward", "back", "last", "forward", "back", "first", "back"):
        button(visitor, name)
        seen.append(visitor.step())
    assert seen == [0, 1, 2, 1, 60, 60, 59, 0, 0]


def test_brackets_step(visit: Visit) -> None:
    visitor = visit()
    visitor.page.keyboard.press("[")
    visitor.page.keyboard.press("[")
    visitor.frames()
    assert visitor.step() == 58
    visitor.page.keyboard.press("]")
    visitor.frames()
    assert visitor.step() == 59


def test_brackets_step_after_scrubbing(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre("#scrub")
    visitor.page.mouse.click(x, y)
    visitor.frames()
    at = visitor.step()
    assert 25 < at < 35
    visitor.page.keyboard.press("]")
    visitor.frames()
    assert visitor.step() in (at + 1, at + 2)


def test_space_plays_and_pauses_wherever_it_is_not_needed(visit: Visit) -> None:
    visitor = visit()
    for focus in ("body", "#map-handle", "#scrub"):
        if focus != "body":
            visitor.page.locator(focus).focus()
        visitor.page.keyboard.press("Space")
        assert playing(visitor), focus
        visitor.page.keyboard.press("Space")
        assert not playing(visitor), focus
    assert visitor.page.evaluate("scrollY") == 0


def test_space_on_a_button_presses_it_and_nothing_else(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#first").focus()
    visitor.page.keyboard.press("Space")
    visitor.frames()
    assert not playing(visitor)
    assert visitor.step() == 0
    visitor.page.locator("#play").focus()
    visitor.page.keyboard.press("Space")
    assert playing(visitor)


def test_keys_in_a_field_are_for_the_field(visit: Visit) -> None:
    visitor = visit()
    visitor.field("optimizer.learning_rate").click()
    visitor.page.keyboard.type(" [")
    visitor.frames()
    assert not playing(visitor)
    assert visitor.step() == 60


def test_scrubbing_sets_the_step_everywhere(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#scrub").fill("13")
    visitor.frames()
    expect(visitor.page.locator("#step-label")).to_have_text("step 13 / 60")
    expect(visitor.page.locator("#scrub")).to_have_attribute("aria-valuetext", "step 13 / 60")
    for run in ("without", "with"):
        assert visitor.readout(run) == expected.readout("", run, 13)


def test_scrubbing_stops_the_play(visit: Visit) -> None:
    visitor = visit()
    button(visitor, "play")
    visitor.page.locator("#scrub").fill("40")
    assert not playing(visitor)
    visitor.frames(10)
    assert visitor.step() == 40


def test_the_speed_is_that_of_the_choice(visit: Visit) -> None:
    """Steps per second, from the page's own clock; a busy machine drops frames, not steps."""
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="20/s")
    visitor.page.evaluate("""() => {
      const own = (window.seen = []);
      const scrub = document.getElementById('scrub');
      const look = (now) => {
        own.push([now, Number(scrub.value)]);
        if (window.seen === own) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }""")
    button(visitor, "play")
    visitor.until("() => seen.some(([, step]) => step > 5 && step < 30) && seen.at(-1)[1] > 30")
    run = [(at, step) for at, step in visitor.page.evaluate("seen") if 5 < step < 55]
    (began, first), (ended, last) = run[0], run[-1]
    assert 1000 * (last - first) / (ended - began) == pytest.approx(20, rel=0.15)


def test_it_moves_between_steps(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="5/s")
    record(visitor)
    button(visitor, "play")
    visitor.until("() => seen.at(-1) > 2 && seen.at(-1) < 50")
    assert any(step % 1 for step in steps(visitor))


def test_reduced_motion_jumps_from_step_to_step(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce")
    visitor.page.locator("#speed").select_option(label="50/s")
    record(visitor)
    button(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    seen = steps(visitor)
    assert seen[-1] == 60
    assert len(set(seen)) > 5
    assert all(step % 1 == 0 for step in seen)


def test_hovering_over_a_curve_lights_its_step(visit: Visit) -> None:
    visitor = visit()
    for curve in CURVES:
        visitor.page.mouse.move(*over(visitor, curve, 13))
        visitor.frames()
        for run in ("without", "with"):
            assert visitor.readout(run) == expected.readout("", run, 13)
        visitor.page.mouse.move(2, 2)
        visitor.frames()
        for run in ("without", "with"):
            assert visitor.readout(run) == expected.readout("", run, 60)


def test_pressing_into_a_curve_scrubs(visit: Visit) -> None:
    visitor = visit("?runs=without")
    for curve, step in zip(CURVES, (20, 35, 50), strict=True):
        visitor.page.mouse.click(*over(visitor, curve, step))
        visitor.page.mouse.move(2, 2)
        visitor.frames()
        assert visitor.step() == step
        assert visitor.readout("without") == expected.readout("", "without", step)


def test_dragging_through_a_curve_scrubs_along(visit: Visit) -> None:
    visitor = visit()
    visitor.drag(over(visitor, "loss", 10), over(visitor, "loss", 50))
    visitor.page.mouse.move(2, 2)
    visitor.frames()
    assert visitor.step() == 50


def test_fewer_steps_bring_the_step_to_the_end(visit: Visit) -> None:
    visitor = visit()
    visitor.type("steps", "25")
    expect(visitor.page.locator("#step-label")).to_have_text("step 25 / 25")
    visitor.type("steps", "40")
    expect(visitor.page.locator("#step-label")).to_have_text("step 40 / 40")


def test_a_drag_while_it_plays_goes_on_playing(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="2/s")
    button(visitor, "play")
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 40, y + 10))
    assert playing(visitor)
    assert visitor.step() < 60
