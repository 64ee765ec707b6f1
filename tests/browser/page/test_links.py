"""The address holds the experiment: reload, back, forward, bad links, and the button that copies the link."""

from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset
from tests.browser.visitor import Visitor


def wait_for(visitor: Visitor, query: str) -> None:
    """Wait until the address bar holds exactly this query."""
    visitor.until("(query) => location.search === query", f"?{query}" if query else "")


def sentences(visitor: Visitor, query: str) -> None:
    """Expect the verdicts of a link."""
    for run, said in expected.verdicts(query).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


NUMBERS = [
    ("landscape.sequence_length", "49"),
    ("landscape.initial_state", "0.25"),
    ("landscape.target", "0.65"),
    ("optimizer.learning_rate", "0.3"),
    ("clip.threshold", "0.4"),
    ("steps", "30"),
]


def test_every_number_is_in_the_address_and_restored_from_it(visit: Visit) -> None:
    visitor = visit()
    assert visitor.link() == ""
    query: dict[str, str] = {}
    for field, text in [*NUMBERS, ("start.0", "4.7"), ("start.1", "-1.9")]:
        visitor.type(field, text)
        query |= {"start": {"start.0": "4.7,-1.7", "start.1": "4.7,-1.9"}[field]} if "start" in field else {field: text}
        visitor.until("(part) => location.search.includes(part)", "=".join(list(query.items())[-1]))
        assert dict(parse_qsl(visitor.link())) == query
    sentences(visitor, visitor.link())
    before = visitor.link()
    visitor.page.reload()
    visitor.await_verdict()
    for field, text in NUMBERS:
        expect(visitor.field(field)).to_have_value(text)
    assert visitor.start() == (4.7, -1.9)
    sentences(visitor, before)
    assert visitor.link() == before


def test_every_choice_is_in_the_address_and_restored_from_it(visit: Visit) -> None:
    visitor = visit("?start=4.9,-2.45")
    choices = {"runs": "with", "colour": "gradient_norm", "height": "log"}
    lists = {"optimizer": "momentum", "clip": "by_value", "window": "paper"}
    for group, value in choices.items():
        visitor.choose(group, value)
        visitor.until("(part) => location.search.includes(part)", f"{group}={value}")
    for field, value in lists.items():
        visitor.field(field).select_option(value)
        visitor.until("(part) => location.search.includes(part)", f"{field}={value}")
    sentences(visitor, visitor.link())
    visitor.page.reload()
    visitor.await_verdict()
    for group, value in choices.items():
        pressed = visitor.page.locator(f"[data-field='{group}'] button[aria-pressed='true']")
        expect(pressed).to_have_attribute("data-value", value)
    for field, value in lists.items():
        expect(visitor.field(field)).to_have_value(value)
    sentences(visitor, visitor.link())


def test_the_address_holds_only_what_differs(visit: Visit) -> None:
    visitor = visit()
    visitor.type("optimizer.learning_rate", "0.3")
    visitor.choose("runs", "with")
    wait_for(visitor, "optimizer.learning_rate=0.3&runs=with")
    visitor.type("optimizer.learning_rate", "0.5")
    wait_for(visitor, "runs=with")
    visitor.type("start.0", "4.7")
    wait_for(visitor, "start=4.7,-1.7&runs=with")
    visitor.type("start.0", "4.6")
    wait_for(visitor, "runs=with")
    visitor.choose("runs", "both")
    wait_for(visitor, "")


def test_a_needless_part_of_a_link_is_dropped(fresh_visit: Visit) -> None:
    # All values are defaults.
    visitor = fresh_visit("?steps=60&optimizer.learning_rate=0.50&runs=both&start=4.6,-1.7")
    wait_for(visitor, "")


def test_a_dragged_start_survives_a_reload(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 37, y + 11))
    visitor.settle()
    start, said = visitor.start(), visitor.verdicts()
    visitor.page.reload()
    visitor.await_verdict()
    assert visitor.start() == start
    assert visitor.verdicts() == said


def test_a_drag_is_one_step_back(visit: Visit) -> None:
    visitor = visit()
    # The browser keeps 50 entries, so their number says nothing on a page that has been visited often.
    visitor.page.evaluate("""() => {
      const push = history.pushState;
      window.pushed = 0;
      history.pushState = function (...given) {
        window.pushed++;
        push.apply(history, given);
      };
    }""")
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 30, y), (x - 60, y + 10))
    visitor.settle()
    assert visitor.page.evaluate("() => { delete history.pushState; return pushed; }") == 1
    visitor.page.go_back()
    expect(visitor.field("start.0")).to_have_value("4.6")
    sentences(visitor, "")


def test_back_and_forward_restore_fields_and_verdicts(visit: Visit) -> None:
    visitor = visit()
    visitor.type("optimizer.learning_rate", "0.3")
    wait_for(visitor, "optimizer.learning_rate=0.3")
    visitor.type("steps", "40")
    wait_for(visitor, "optimizer.learning_rate=0.3&steps=40")
    visitor.page.go_back()
    wait_for(visitor, "optimizer.learning_rate=0.3")
    expect(visitor.field("steps")).to_have_value("60")
    sentences(visitor, "optimizer.learning_rate=0.3")
    visitor.page.go_back()
    wait_for(visitor, "")
    expect(visitor.field("optimizer.learning_rate")).to_have_value("0.5")
    sentences(visitor, "")
    visitor.page.go_forward()
    wait_for(visitor, "optimizer.learning_rate=0.3")
    expect(visitor.field("optimizer.learning_rate")).to_have_value("0.3")
    sentences(visitor, "optimizer.learning_rate=0.3")


def test_back_restores_the_landscape(visit: Visit) -> None:
    visitor = visit()
    choose_preset(visitor, "himmelblau/0")
    visitor.until("() => location.search.includes('landscape=himmelblau')")
    sentences(visitor, visitor.link())
    visitor.page.go_back()
    wait_for(visitor, "")
    expect(visitor.page).to_have_title("One-unit RNN · Cliffscape")
    sentences(visitor, "")
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()


def test_the_opening_preset_needs_no_address(visit: Visit) -> None:
    visitor = visit("?landscape=himmelblau")
    choose_preset(visitor, "one_unit_rnn/0")
    wait_for(visitor, "")


def test_a_link_chooses_the_runs_that_are_shown(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?runs=with")
    expect(visitor.sentence("without")).to_be_hidden()
    expect(visitor.sentence("with")).to_be_visible()


BAD = [
    ("landscape=moon", "Landscape", ""),
    ("optimizer.learning_rate=NaN&steps=30", "Learning rate ε (optimizer.learning_rate)", "steps=30"),
    ("start=100,100&clip.threshold=0.3", "Start", "clip.threshold=0.3"),
    ("clip=by_magic&clip.threshold=0.3&runs=with", "Clipping rule (clip)", "runs=with"),
    ("nonsense=%3Cscript%3Ealert(1)%3C/script%3E", "nonsense", ""),
    ("landscape=himmelblau&landscape.sequence_length=5", "landscape.sequence_length", "landscape=himmelblau"),
]


@pytest.mark.parametrize(("query", "name", "rest"), BAD)
def test_a_bad_link_is_explained_and_its_valid_part_is_used(
    fresh_visit: Visit, query: str, name: str, rest: str
) -> None:
    visitor = fresh_visit(f"?{query}")
    notice = visitor.page.locator("#notice")
    expect(notice).to_be_visible()
    expect(notice.locator("li").first).to_contain_text(name)
    assert visitor.page.locator("#notice script").count() == 0
    sentences(visitor, rest)
    wait_for(visitor, rest)
    notice.get_by_role("button").click()
    expect(notice).to_be_hidden()
    visitor.type("steps", "20")
    visitor.until("() => location.search.includes('steps=20')")
    assert dict(parse_qsl(visitor.link())) == dict(parse_qsl(rest)) | {"steps": "20"}
    sentences(visitor, visitor.link())


def test_a_good_link_needs_no_notice(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?landscape=ravine&landscape.condition_number=50&start=1,0.5")
    expect(visitor.page.locator("#notice")).to_be_hidden()
    assert visitor.start() == (1, 0.5)
    expect(visitor.field("landscape.condition_number")).to_have_value("50")


def press_copy(visitor: Visitor) -> None:
    """Press the button that copies the link."""
    visitor.page.locator("#share").click()
    visitor.page.locator("#copy-link").click()


def test_the_button_copies_the_address(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?clip.threshold=0.3", permissions=["clipboard-read", "clipboard-write"])
    visitor.choose("runs", "with")
    press_copy(visitor)
    expect(visitor.page.locator("#copy-link")).to_have_text("Link copied")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{visitor.address}/?clip.threshold=0.3&runs=with"
    expect(visitor.page.locator("#copy-link")).to_have_text("Copy link")


def test_the_copied_address_is_the_same_experiment(fresh_visit: Visit) -> None:
    visitor = fresh_visit(permissions=["clipboard-read", "clipboard-write"])
    x, y = visitor.centre("#map-handle")
    visitor.drag((x, y), (x - 50, y + 10))
    press_copy(visitor)
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    other = fresh_visit(copied.removeprefix(f"{visitor.address}/"))
    assert other.start() == visitor.start()
    assert other.verdicts() == visitor.verdicts()


def test_without_a_clipboard_the_address_is_shown_for_copying(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?steps=30")
    offered: list[str] = []

    def answer(dialog: Dialog) -> None:
        offered.append(dialog.default_value)
        dialog.dismiss()

    visitor.page.on("dialog", answer)
    visitor.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden')); }")
    press_copy(visitor)
    visitor.frames()
    expect(visitor.page.locator("#copy-link")).to_have_text("Copy link")
    assert offered == [f"{visitor.address}/?steps=30"]
