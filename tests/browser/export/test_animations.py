"""Animations: WebM, MP4 and GIF with all steps, link and version; progress, cancelling, browsers without encoders."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cliffscape.app.scene.metadata import version
from tests.browser.conftest import Visit
from tests.browser.export import webm
from tests.browser.export.conftest import QUERY
from tests.browser.export.gif import read_gif
from tests.browser.export.menu_page import Saved, entry, menu, open_menu, save, save_figure
from tests.browser.export.player import compare
from tests.browser.export.webm import read_webm
from tests.browser.visitor import Visitor

STEPS = 14
LINK = f"?landscape.sequence_length=40&steps={STEPS}"
PICTURES = 2 * STEPS + 1
RATE = 20
SECONDS = PICTURES / RATE + 1
SOFTWARE = f"Cliffscape {version()}"
# Encoders that the page opens from now on, and the values of the progress bar.
WATCH = """() => {
  window.encoders = [];
  window.VideoEncoder = class extends VideoEncoder {
    constructor(init) {
      super(init);
      encoders.push(this);
    }
  };
  window.shares = [];
  const bar = document.querySelector('#export-status progress');
  new MutationObserver(() => bar.hasAttribute('value') && shares.push(bar.value)).observe(bar, { attributes: true });
}"""
PAGE = """() => [document.body.children.length, document.documentElement.dataset.theme,
  document.documentElement.style.fontSize, document.getElementById('step-label').textContent]"""


@pytest.fixture(scope="module")
def animator(painter: Visitor) -> Iterator[Visitor]:
    """The visitor with a relief at a Scene of a few steps, in the middle of the run."""
    painter.turn_to(LINK)
    painter.scrub(5)
    painter.frames(1)
    painter.page.evaluate(WATCH)
    yield painter
    painter.turn_to(QUERY)


def choose_part(visitor: Visitor, part: str) -> None:
    """Choose what the animation shows."""
    open_menu(visitor)
    visitor.page.locator("#animation-part").select_option(part)


def save_animation(visitor: Visitor, part: str, format: str) -> Saved:
    """Save an animation."""
    choose_part(visitor, part)
    return save(visitor, format)


@pytest.fixture(scope="module")
def figures(animator: Visitor) -> dict[str, Path]:
    """Figures of the last step, at 1x."""
    step = animator.step()
    animator.scrub(STEPS)
    found = {part: save_figure(animator, part, "png", scale=1).path for part in ("map", "map_and_relief")}
    animator.scrub(step)
    animator.frames(1)
    return found


def start_animation(visitor: Visitor, format: str) -> None:
    """Start an animation of the map, and wait for its first pictures."""
    choose_part(visitor, "map")
    entry(visitor, format).click()
    # Several pictures may have been drawn since the condition was last tested.
    visitor.until("() => /pictures([3-9]|[1-9][0-9]+) of/.test(document.getElementById('export-status').textContent)")


def test_a_webm_has_all_steps_with_link_and_version(animator: Visitor, figures: dict[str, Path]) -> None:
    before = animator.page.evaluate(PAGE)
    saved = save_animation(animator, "map", "webm")
    assert saved.name == "one-unit-rnn-thrown-map.webm"
    found = read_webm(saved.path.read_bytes())
    assert found.texts[webm.DOCUMENT_TYPE] == "webm" and found.texts[webm.CODEC] in ("V_VP9", "V_VP8")
    # The last picture stays for a second.
    assert found.pictures == PICTURES + RATE
    assert found.seconds == pytest.approx(SECONDS)
    assert found.tags["COMMENT"] == LINK and found.tags["ENCODER"] == SOFTWARE
    assert found.tags["TITLE"] == "Map: One-unit RNN" and f"{STEPS} steps" in found.tags["DESCRIPTION"]
    seen = compare(animator, saved.path, "video/webm", figures["map"])
    size = [found.numbers[webm.WIDTH], found.numbers[webm.HEIGHT]]
    assert size == seen.size and size[0] == 588 and size[1] % 2 == 0
    assert seen.seconds == pytest.approx(SECONDS, abs=0.01)
    assert seen.changed > 150 and seen.off < seen.changed / 5
    # The page is as it was.
    assert animator.page.evaluate(PAGE) == before


def test_a_gif_has_all_steps_with_link_and_version(animator: Visitor, figures: dict[str, Path]) -> None:
    animator.page.evaluate("() => { shares.length = 0; }")
    saved = save_animation(animator, "map_and_relief", "gif")
    assert saved.name == "one-unit-rnn-thrown-map-and-relief.gif"
    found = read_gif(saved.path.read_bytes())
    assert found.pictures == PICTURES
    assert found.delays == [100 // RATE] * (PICTURES - 1) + [100 // RATE + 100]
    title, _, link, software = found.comment.split("\n")
    assert (title, link, software) == ("Map and relief: One-unit RNN", LINK, SOFTWARE)
    assert found.applications == [b"NETSCAPE2.0"]
    seen = compare(animator, saved.path, "image/gif", figures["map_and_relief"])
    assert seen.size == [found.width, found.height] and found.width == 928
    assert seen.changed > 150 and seen.off < seen.changed / 5
    shares = animator.page.evaluate("shares")
    assert shares[-1] == 1 and len(set(shares)) > PICTURES / 3 and shares == sorted(shares)
    assert animator.page.workers == []


def test_an_mp4_keeps_the_scene_it_began_with_or_is_not_offered(animator: Visitor, figures: dict[str, Path]) -> None:
    open_menu(animator)
    if entry(animator, "mp4").is_hidden():
        expect(animator.page.locator("#animation-missing")).to_have_text("This browser cannot make MP4 files.")
        return
    with animator.page.expect_download() as waiting:
        start_animation(animator, "mp4")
        animator.type("steps", "12")
    assert waiting.value.suggested_filename == "one-unit-rnn-thrown-map.mp4"
    content = waiting.value.path().read_bytes()
    assert content[4:8] == b"ftyp"
    for name, text in (("©cmt", LINK), ("©too", SOFTWARE)):
        at = content.index(name.encode("latin-1"))
        assert text.encode() in content[at : at + 24 + len(text)]
    animator.type("steps", str(STEPS))
    seen = compare(animator, waiting.value.path(), "video/mp4", figures["map"])
    assert seen.seconds == pytest.approx(SECONDS, abs=0.06)
    assert seen.changed > 150 and seen.off < seen.changed / 5


@pytest.mark.parametrize("format", ["gif", "webm"])
def test_a_cancelled_animation_leaves_nothing_behind(animator: Visitor, format: str) -> None:
    saved: list[str] = []
    animator.page.on("download", lambda download: saved.append(download.suggested_filename))
    # So many pictures that they are not done before the press.
    animator.turn_to("?landscape.sequence_length=40&steps=400")
    before = animator.page.evaluate(PAGE)
    start_animation(animator, format)
    animator.page.locator("#export-cancel").click()
    expect(animator.page.locator("#export-status")).to_contain_text("Cancelled")
    expect(animator.page.locator("#export-cancel")).to_be_hidden()
    animator.until("() => encoders.every(({ state }) => state === 'closed')")
    assert animator.page.evaluate("encoders.length") > 0
    for _ in range(100):
        if not animator.page.workers:
            break
        animator.page.wait_for_timeout(20)
    assert animator.page.workers == []
    assert animator.page.evaluate(PAGE) == before
    assert saved == []
    animator.turn_to(LINK)


def test_a_browser_without_encoders_makes_gifs_alone(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"?steps={STEPS}")
    visitor.page.evaluate("() => { delete window.VideoEncoder; }")
    open_menu(visitor)
    expect(visitor.page.locator("#animation-missing")).to_have_text("This browser cannot make WebM or MP4 files.")
    assert [entry(visitor, format).is_visible() for format in ("gif", "webm", "mp4")] == [True, False, False]
    expect(visitor.page.locator("#animation-length")).to_have_text(
        f"{STEPS} steps, 10 per second: 29 frames, 2 seconds."
    )
    # Tests without a relief have an empty Plotly.
    entry(visitor, "gif").click()
    expect(visitor.page.locator("#notice")).to_contain_text("The animation cannot be exported, because Plotly")
    expect(menu(visitor)).to_be_hidden()
    assert visitor.verdicts()
