"""The first screen: the headline, the main controls and the folded groups."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

GROUPS = ("optimizer", "rule", "landscape", "view")


def headlines(visitor: Visitor) -> dict[str, str]:
    """The headlines of the runs that are shown."""
    rows = {run: visitor.page.locator(f"#headline .run.{run}") for run in ("without", "with")}
    return {run: row.inner_text().strip() for run, row in rows.items() if row.is_visible()}


@pytest.mark.parametrize(
    "query", ["", "?runs=with", "?landscape=saddle&start=0,0", "?clip=by_value&steps=1", "?optimizer.learning_rate=2"]
)
def test_the_headline_is_that_of_python(visit: Visit, query: str) -> None:
    visitor = visit(query)
    assert headlines(visitor) == expected.headlines(query)


def test_a_long_run_has_the_headline_of_its_end(visit: Visit) -> None:
    visitor = visit("?steps=200")
    expect(visitor.page.locator("#headline[aria-busy='false']")).to_be_visible()
    assert headlines(visitor) == expected.headlines("?steps=200")


def test_main_controls_come_first_and_the_rest_is_folded(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    names = visitor.page.locator(".first-controls [data-field]").evaluate_all(
        "(all) => all.map((e) => e.dataset.field)"
    )
    shown = [name for name in names if visitor.page.locator(f"[data-field='{name}']").is_visible()]
    assert shown == ["runs", "clip.threshold", "optimizer.learning_rate", "landscape.sequence_length"]
    expect(visitor.page.locator("#stable-limit")).to_contain_text("Stable up to 0.291")
    for group in GROUPS:
        expect(visitor.page.locator(f".{group}-group")).not_to_have_attribute("open", "")


def test_the_limit_of_a_thrown_run_is_not_that_of_the_place_where_it_ends(fresh_visit: Visit) -> None:
    """There the surface is flat, and a limit above the present rate would say that this rate is stable."""
    visitor = fresh_visit("?runs=without")
    expect(visitor.page.locator("#stable-limit")).to_contain_text("Stable up to 0.165 (nearest minimum)")


def test_a_group_stays_as_the_reader_left_it(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    visitor.page.locator(".view-group summary").click()
    visitor.page.reload()
    visitor.await_verdict()
    expect(visitor.page.locator(".view-group")).to_have_attribute("open", "")
    expect(visitor.page.locator(".rule-group")).not_to_have_attribute("open", "")
    visitor.page.locator(".view-group > summary").click()
    visitor.page.reload()
    visitor.await_verdict()
    expect(visitor.page.locator(".view-group")).not_to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("?clip.threshold=0.3&optimizer.learning_rate=0.4&landscape.sequence_length=40", set()),
        ("?clip=by_value", {"rule"}),
        ("?schedule=cosine", {"optimizer"}),
        ("?landscape.target=0.6&steps=80", {"landscape", "view"}),
    ],
)
def test_a_link_opens_the_groups_in_which_it_sets_a_value(fresh_visit: Visit, query: str, groups: set[str]) -> None:
    visitor = fresh_visit(query)
    opened = {group for group in GROUPS if visitor.page.locator(f".{group}-group[open]").count()}
    assert opened == groups


def test_hints_go_away_when_they_have_been_followed(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    start, threshold = (visitor.page.locator(f"#{place} [data-hint]:visible") for place in ("map", "curves"))
    expect(start).to_have_text("drag me")
    expect(threshold).to_have_text("↕ drag me")
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 20, y + 10))
    expect(start).to_have_count(0)
    visitor.page.reload()
    visitor.await_verdict()
    expect(start).to_have_count(0)
    expect(threshold).to_have_count(1)


def test_an_explanation_opens_by_keyboard_and_closes_by_escape(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    button = visitor.page.get_by_role("button", name="About gradient norm before clipping", exact=True)
    button.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".bubble")).to_contain_text("Length of the gradient")
    expect(button).to_have_attribute("aria-expanded", "true")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".bubble")).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("About loss", "Colour and contour lines"),
        ("About the loss", "position that each step has reached"),
        ("About position", "marked on the map"),
        ("About Loss along the step", "before and after the step"),
        ("About the gradient norm before clipping", "before the clip changes it"),
        ("About the step length", "clip factor"),
    ],
)
def test_the_map_and_every_curve_have_an_explanation(visit: Visit, name: str, said: str) -> None:
    visitor = visit()
    # The table of the current step explains some of them too.
    button = visitor.page.get_by_role("button", name=name, exact=True).first
    button.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".bubble")).to_contain_text(said)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".bubble")).to_be_hidden()


def test_a_folded_section_is_not_computed(fresh_visit: Visit) -> None:
    """The server computes the bias of many examples, and is asked only while the section or the lens shows it."""
    visitor = fresh_visit("?landscape=heavy_tails")
    for section in ("this-step", "minibatches"):
        visitor.page.locator(f"#{section} > summary").click()
    # The browser tells the page of a folded section a moment later.
    visitor.frames()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.post_data or ""))
    visitor.type("landscape.seed", "1")
    visitor.until("() => location.search.includes('seed=1')")
    key = expected.picture(visitor.link())
    visitor.until("(key) => document.getElementById('map').dataset.key === key", key)
    assert asked
    assert not any('"bias"' in body for body in asked)
    with visitor.page.expect_request(lambda request: '"bias"' in (request.post_data or "")):
        visitor.page.locator("#minibatches > summary").click()


def test_nothing_is_written_in_a_folded_section(fresh_visit: Visit) -> None:
    """Not by a drag, nor by the steps; an opened section is up to date at once."""
    visitor = fresh_visit("?landscape=heavy_tails")
    for section in ("this-step", "minibatches"):
        visitor.page.locator(f"#{section} > summary").click()
    visitor.frames()
    visitor.page.evaluate("""() => {
      window.written = 0;
      const observer = new MutationObserver((all) => (window.written += all.length));
      const kinds = { subtree: true, childList: true, characterData: true, attributes: true };
      for (const inside of document.querySelectorAll('.part > .inside')) observer.observe(inside, kinds);
    }""")
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 30, y + 20), (x + 20, y))
    visitor.scrub(7)
    visitor.type("optimizer.learning_rate", "0.3")
    visitor.frames()
    assert visitor.page.evaluate("written") == 0
    visitor.page.locator("#this-step > summary").click()
    expect(visitor.page.locator("#step-words")).to_contain_text("step 7")


def test_every_start_opens_with_the_map_of_the_link(visit: Visit) -> None:
    visitor = visit()
    section = visitor.page.locator("#every-start")
    expect(section).not_to_have_attribute("open", "")
    section.locator("summary").click()
    expect(visitor.page.locator("#outcomes")).to_be_visible()
    visitor.until("() => location.search.includes('map=outcomes')")
    section.locator("summary").click()
    expect(visitor.page.locator("#outcomes")).to_be_hidden()
    visitor.until("() => !location.search.includes('map=')")
