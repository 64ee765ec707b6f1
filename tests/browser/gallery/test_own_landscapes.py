"""A landscape from the user's own file: in the gallery, on the map, and after a change of the file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app.landscape_files.bad_files import CURVE, GOOD, with_body
from tests.app.web.test_server import serve_command
from tests.browser.conftest import VisitorPool, open_pool
from tests.browser.gallery.gallery_panel import await_pictures, choose_preset, expect_preset, open_gallery
from tests.browser.map.start_handle import HANDLE

SENTENCE = "mine.py, line 18: NameError: name 'missing' is not defined"
UNTRACED = with_body("return (theta**2).sum(-1) + 0 * (theta / 9).erfinv().sum(-1)").replace(
    "own_loss", "untraced_loss"
)


def save(path: Path, text: str) -> None:
    """Save the file as editors do: no reader sees a half-written file."""
    written = path.with_suffix(".written")
    written.write_text(text, encoding="utf-8")
    written.replace(path)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's file."""
    path: Path = tmp_path_factory.mktemp("own") / "mine.py"
    save(path, GOOD)
    return path


@pytest.fixture(scope="module")
def user(browser: Browser, file: Path) -> Iterator[VisitorPool]:
    """Visitors of a server with the user's file."""
    (file.parent / "untraced.py").write_text(UNTRACED, encoding="utf-8")
    (file.parent / "curve.py").write_text(CURVE, encoding="utf-8")
    files = os.pathsep.join(map(str, (file, file.parent / "untraced.py", file.parent / "curve.py")))
    # A process of its own, and no fork of one that has read the catalogue already.
    with serve_command(landscape_files=files) as (_, address), open_pool(browser, address.rstrip("/")) as pool:
        yield pool


def test_it_is_chosen_from_its_group_and_dragged_with_a_kernel_in_the_browser(user: VisitorPool) -> None:
    visitor = user.visit()
    panel = open_gallery(visitor)
    own = panel.locator("section", has=visitor.page.locator("h3", has_text="Yours"))
    expect(own.locator("h4")).to_have_text(["Own loss", "Untraced loss", "Own curve"])
    await_pictures(visitor)
    visitor.page.keyboard.press("Escape")
    choose_preset(visitor, "own_loss/0")
    expect_preset(visitor, "own_loss/0")
    expect(visitor.sentence("with")).to_contain_text("the loss is still falling")
    visitor.requests.clear()
    before = visitor.verdicts()
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 100, y + 60), (x - 60, y + 90))
    assert visitor.verdicts() != before
    assert visitor.start() != (2.5, 1.5)
    assert [one for one in visitor.requests if one.endswith("/frames")] == []
    assert visitor.link().startswith("landscape=own_loss")


def test_a_loss_of_one_parameter_is_a_curve(user: VisitorPool) -> None:
    visitor = user.visit("?landscape=own_curve&start=2")
    page = visitor.page
    expect(page.locator("#curve-axis")).to_have_text("w")
    expect(page.locator("#minima-words")).to_have_text(" Cross: minimum.")
    expect(page.locator(".relief-picture")).to_be_hidden()
    place = visitor.mapping((-3, 3, 0, 1)).pixel(1.0, 0)[0]
    visitor.drag(visitor.centre(HANDLE), (place, 300))
    assert visitor.centre(HANDLE)[0] == pytest.approx(place, abs=1)
    # There is one coordinate, in links too.
    visitor.until("() => /[?&]start=[^,&]+(&|$)/.test(location.search)")


def test_without_a_kernel_the_server_computes_the_runs(user: VisitorPool) -> None:
    visitor = user.visit("?landscape=untraced_loss&optimizer.learning_rate=0.25&clip=none&steps=40&runs=without")
    expect(visitor.sentence("without")).to_contain_text("it is at rest")
    visitor.requests.clear()
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 100, y + 60))
    visitor.settle()
    assert [one for one in visitor.requests if one.endswith("/frames")] != []


def test_an_open_page_says_what_is_wrong_and_loads_itself_again_with_a_new_version(
    user: VisitorPool, file: Path
) -> None:
    visitor = user.visit("?landscape=own_loss&landscape.depth=3&steps=17")
    link, fault = visitor.link(), visitor.page.locator("#landscape-fault")
    expect(fault).to_be_hidden()
    save(file, GOOD + "\nsize = missing\n")
    expect(fault).to_contain_text(SENTENCE, timeout=60_000)
    visitor.page.reload()
    expect(fault).to_contain_text(SENTENCE)
    save(file, GOOD)
    expect(fault).to_be_hidden()
    save(file, GOOD.replace("start=", "label='Newer loss', start="))
    expect(visitor.page).to_have_title("Newer loss · Cliffscape", timeout=60_000)
    visitor.await_verdict()
    assert visitor.link() == link
    assert visitor.field("landscape.depth").input_value() == "3"
    assert visitor.field("steps").input_value() == "17"
