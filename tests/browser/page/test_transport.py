"""The animation: play, pause, and speed."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.page.transport_page import is_playing, press, record_steps, recorded_steps


def test_play_from_the_end_starts_over_and_reaches_the_end(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="50/s")
    record_steps(visitor)
    press(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    seen = recorded_steps(visitor)
    # The record begins at the last step, before the animation starts over.
    first = next(k for k, step in enumerate(seen) if step < 60)
    run = seen[first:]
    assert run[0] < 10
    assert run == sorted(run)
    assert len(set(run)) > 10
    assert run[-1] == 60
    assert visitor.step() == 60
    expect(visitor.page.locator("#play")).to_have_text("Play")


def test_play_from_the_middle_continues_from_there(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#scrub").fill("30")
    visitor.page.locator("#speed").select_option(label="20/s")
    record_steps(visitor)
    press(visitor, "play")
    visitor.until("() => seen.at(-1) > 33")
    assert min(recorded_steps(visitor)) >= 30


def test_the_step_never_runs_backwards(visit: Visit) -> None:
    """The first frame's time stamp may be earlier than the press of the button."""
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="50/s")
    press(visitor, "first")
    record_steps(visitor)
    for _ in range(4):
        press(visitor, "play")
        press(visitor, "play")
        press(visitor, "first")
    assert min(recorded_steps(visitor)) >= 0


def test_pause_stops(visit: Visit) -> None:
    visitor = visit()
    press(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_text("Pause")
    visitor.until(
        "() => { const step = Number(document.getElementById('scrub').value); return step > 2 && step < 60; }"
    )
    press(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_text("Play")
    visitor.frames()
    record_steps(visitor)
    visitor.frames(20)
    assert len(set(recorded_steps(visitor))) == 1
    assert 2 <= visitor.step() < 60


def test_playing_moves_the_picture_and_the_readout(visit: Visit) -> None:
    visitor = visit()
    picture = """() => {
      const canvas = document.getElementById('map-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).reduce((sum, pixel) => (sum * 31 + pixel) | 0, 7);
    }"""
    at_the_end = visitor.page.evaluate(picture), visitor.readout("with")
    press(visitor, "play")
    visitor.until(
        "() => { const step = Number(document.getElementById('scrub').value); return step > 2 && step < 50; }"
    )
    press(visitor, "play")
    assert visitor.page.evaluate(picture) != at_the_end[0]
    assert visitor.readout("with") == expected.readout("", "with", visitor.step())


def test_the_speed_is_the_chosen_one(visit: Visit) -> None:
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
    press(visitor, "play")
    visitor.until("() => seen.some(([, step]) => step > 5 && step < 30) && seen.at(-1)[1] > 30")
    # Without the start and the end, where the step does not move in every frame.
    run = [(at, step) for at, step in visitor.page.evaluate("seen") if 5 < step < 55]
    (began, first), (ended, last) = run[0], run[-1]
    assert 1000 * (last - first) / (ended - began) == pytest.approx(20, rel=0.15)


def test_it_moves_between_steps(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="5/s")
    record_steps(visitor)
    press(visitor, "play")
    visitor.until("() => seen.at(-1) > 2 && seen.at(-1) < 50")
    assert any(step % 1 for step in recorded_steps(visitor))


def test_reduced_motion_jumps_from_step_to_step(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce")
    visitor.page.locator("#speed").select_option(label="50/s")
    record_steps(visitor)
    press(visitor, "play")
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    seen = recorded_steps(visitor)
    assert seen[-1] == 60
    assert len(set(seen)) > 5
    assert all(step % 1 == 0 for step in seen)


def test_it_keeps_playing_during_a_drag(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#speed").select_option(label="2/s")
    press(visitor, "play")
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 40, y + 10))
    assert is_playing(visitor)
    assert visitor.step() < 60
