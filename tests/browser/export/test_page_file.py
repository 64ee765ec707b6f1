"""A page of its own, opened from a disk without a network: it is operated like the page, and says the same."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from cliffscape.app.settings import Settings
from cliffscape.app.web.page_file.command import page_file
from tests.browser import expected
from tests.browser.axe import grave_violations
from tests.browser.conftest import WINDOW, Visit
from tests.browser.export.menu_page import save
from tests.browser.outcomes.outcome_map import await_outcome_map, workers_may_compile
from tests.browser.visitor import Visitor

HANDLE = "#map-handle"
SERVER = "http://lab.example:8000/"
Open = Callable[..., Visitor]


@pytest.fixture
def open_file(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """`open_file(query, relief=False)`: a visitor of the file of a link, opened from a disk, without errors."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def open_page(query: str = "", path: Path | None = None, relief: bool = False, **options: object) -> Visitor:
        if path is None:
            path = tmp_path / "page.html"
            path.write_bytes(page_file(expected.scene(query), SERVER, Settings(), relief).content)
        context = browser.new_context(**{"viewport": WINDOW, "offline": True, **options})
        visitor = Visitor(context.new_page(), "file://")
        opened.append((context, visitor))
        visitor.page.goto(path.as_uri())
        visitor.await_verdict()
        visitor.until("() => document.getElementById('map').dataset.columns === '257'")
        return visitor

    yield open_page
    errors = [error for _, visitor in opened for error in visitor.errors]
    for context, _ in opened:
        context.close()
    assert errors == []


def link(visitor: Visitor) -> str:
    """The query of the link that the file shows."""
    visitor.frames()
    address = visitor.page.locator("#scene-link").inner_text()
    assert address.startswith(f"{SERVER}?")
    expect(visitor.page.locator("#scene-link")).to_have_attribute("href", address)
    return urlsplit(address).query


def check_sentences(visitor: Visitor) -> None:
    """The verdicts and the headlines are those of the server for the link that the file shows."""
    query = link(visitor)
    assert visitor.verdicts() == expected.verdicts(query)
    for run, sentence in expected.headlines(query).items():
        expect(visitor.page.locator(f"#headline .run.{run} span")).to_have_text(sentence)


def test_a_file_is_operated_without_a_network(open_file: Open) -> None:
    """What shapes the kernels is locked."""
    visitor = open_file()
    check_sentences(visitor)
    for name in ("landscape.sequence_length", "optimizer", "clip", "schedule"):
        expect(visitor.field(name)).to_be_disabled()
    for name in ("landscape.target", "clip.threshold", "optimizer.learning_rate"):
        expect(visitor.field(name)).to_be_enabled()
    visitor.type("landscape.target", "0.6")
    check_sentences(visitor)
    visitor.type("landscape.target", "0.7")
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 70, y + 30))
    assert visitor.centre(HANDLE) == pytest.approx((x - 70, y + 30), abs=1)
    check_sentences(visitor)
    visitor.choose("runs", "without")
    check_sentences(visitor)
    visitor.choose("runs", "both")
    for name, text in {"optimizer.learning_rate": "0.3", "clip.threshold": "0.1", "steps": "80"}.items():
        visitor.type(name, text)
    assert {"optimizer.learning_rate=0.3", "clip.threshold=0.1", "steps=80"} <= set(link(visitor).split("&"))
    check_sentences(visitor)
    visitor.slider("optimizer.learning_rate").press("ArrowRight")
    assert "optimizer.learning_rate=0.3&" not in link(visitor)
    check_sentences(visitor)


def test_steps_are_scrubbed_and_played_and_the_relief_is_in_the_file_by_choice(open_file: Open) -> None:
    visitor = open_file("landscape=himmelblau&steps=10", relief=True)
    visitor.await_relief()
    assert visitor.colours("#relief") > 30
    visitor.scrub(7)
    visitor.frames()
    assert visitor.step() == 7
    visitor.page.locator("#speed").select_option("5")
    visitor.page.locator("#play").click()
    expect(visitor.page.locator("#step-label")).to_contain_text("10 / 10")
    expect(visitor.page.locator("#play")).to_have_attribute("aria-pressed", "false")
    check_sentences(visitor)
    before = visitor.page.locator("#relief").get_attribute("data-key")
    visitor.page.locator("#zoom-in").click()
    visitor.until("(key) => document.getElementById('relief').dataset.key !== key", before)
    check_sentences(visitor)


def test_a_map_of_two_quantities_and_another_window_are_computed_from_the_file(open_file: Open) -> None:
    visitor = open_file("landscape=ravine&start=1,1&steps=20&map=sweep")
    await_outcome_map(visitor)
    assert visitor.colours("#outcomes-without") > 1
    expect(visitor.page.locator("#notice")).to_be_hidden()
    before = visitor.page.locator("#map").get_attribute("data-key")
    visitor.page.locator("#zoom-in").click()
    visitor.until(
        "(key) => { const { columns, key: now } = document.getElementById('map').dataset;"
        " return columns === '257' && now !== key; }",
        before,
    )
    assert visitor.colours("#map") > 30
    check_sentences(visitor)


def test_long_runs_and_outcome_maps_are_computed_by_workers(open_file: Open) -> None:
    visitor = open_file("landscape=saddle&steps=20000")
    expect(visitor.page.locator("#verdicts")).to_have_attribute("aria-busy", "false")
    visitor.type("steps", "60")
    visitor.page.locator("#outcome-map").click()
    expect(visitor.page.locator("#outcomes-legend li").first).to_be_visible()
    await_outcome_map(visitor)
    assert visitor.colours("#outcomes-without") > 1
    assert workers_may_compile(visitor)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_file_without_faults(open_file: Open, scheme: str) -> None:
    visitor = open_file(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    assert grave_violations(visitor) == []


def test_the_menu_saves_a_file_that_opens(fresh_visit: Visit, open_file: Open, tmp_path: Path) -> None:
    page = fresh_visit("?landscape=ravine&start=1,1&steps=20")
    name, path = save(page, "page.html")
    assert name == "ravine-thrown.html"
    # The browser keeps a download without its ending, by which it would know the type of the file.
    own = tmp_path / name
    own.write_bytes(path.read_bytes())
    visitor = open_file(path=own)
    assert visitor.verdicts() == page.verdicts()
    address = visitor.page.locator("#scene-link").get_attribute("href")
    assert address == f"{page.address}/?landscape=ravine&start=1,1&steps=20"


def test_a_landscape_without_a_kernel_is_refused_with_a_sentence(fresh_visit: Visit) -> None:
    page = fresh_visit("?landscape=heavy_tails")
    page.page.locator("#export").click()
    page.page.locator("[data-export='page.html']").click()
    expect(page.page.locator("#notice")).to_contain_text("got Heavy tails")
    # The browser writes the refused request to the console.
    assert [error for error in page.errors if "422" not in error] == []
    page.errors.clear()
