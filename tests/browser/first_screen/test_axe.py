"""axe-core finds nothing serious or critical on the pages that a reader sees first, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import grave_violations_of_themes
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import await_pictures, open_gallery

PAGES = {
    "opening page": "",
    "lesson": "?lesson=04-gradient-descent-at-a-cliff",
    "outcome map": "?landscape=saddle&steps=20&map=outcomes",
    "network": "?landscape=recurrent_network",
    "frame": "?embed",
    "frame with parts": "?embed&show=clipping,learning_rate,play,curves&lock=learning_rate",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_grave(fresh_visit: Visit, name: str) -> None:
    visitor = fresh_visit(PAGES[name], predicting=name == "lesson")
    if name == "outcome map":
        visitor.page.wait_for_selector("#outcomes[data-columns]")
        visitor.page.get_by_label("the two runs differ: ").check()
    assert grave_violations_of_themes(visitor) == []


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
def test_axe_finds_nothing_grave_with_every_group_open(fresh_visit: Visit, width: int, height: int) -> None:
    visitor = fresh_visit(viewport={"width": width, "height": height})
    visitor.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    visitor.frames()
    assert grave_violations_of_themes(visitor) == []


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
def test_axe_finds_nothing_grave_in_the_gallery(fresh_visit: Visit, width: int, height: int) -> None:
    visitor = fresh_visit(viewport={"width": width, "height": height})
    panel = open_gallery(visitor)
    await_pictures(visitor)
    assert grave_violations_of_themes(visitor) == []
    expect(panel).to_be_visible()


def test_axe_finds_nothing_grave_in_the_list_of_keys(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    visitor.page.locator("#keys-open").click()
    expect(visitor.page.locator("#keys")).to_be_visible()
    assert grave_violations_of_themes(visitor) == []
    expect(visitor.page.locator("#keys")).to_be_visible()
