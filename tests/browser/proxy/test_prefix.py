"""The page behind a reverse proxy under a path: everything works, and no request leaves the path."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import expected
from tests.browser.conftest import open_pool, run_server
from tests.browser.map.start_handle import HANDLE
from tests.browser.outcomes.outcome_map import await_outcome_map
from tests.browser.proxy.prefix_proxy import PREFIX, PrefixProxy, run_proxy
from tests.browser.visitor import Visitor

LESSON = "04-gradient-descent-at-a-cliff"
Behind = tuple[Visitor, PrefixProxy]


@pytest.fixture(scope="module", params=[False, True], ids=["removed", "kept"])
def behind(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Behind]:
    """A visitor of the page behind a proxy, which removes the prefix or passes it on, and the proxy."""
    if not request.param:
        with run_proxy(address) as proxy, open_pool(browser, proxy.address) as pool:
            yield pool.visit(), proxy
        return
    with (
        run_server("--root-path", PREFIX) as (own, _),
        run_proxy(own, keep=True) as proxy,
        open_pool(browser, proxy.address) as pool,
    ):
        yield pool.visit(), proxy


@pytest.fixture(autouse=True)
def nothing_outside(behind: Behind) -> Iterator[None]:
    """No request leaves the prefix."""
    visitor, proxy = behind
    yield
    assert proxy.outside == []
    paths = [urlsplit(url).path for url in visitor.requests if url.startswith("http")]
    assert [path for path in paths if not path.startswith(f"{PREFIX}/")] == []


def test_the_map_is_drawn_to_its_finest_level(behind: Behind) -> None:
    visitor, _ = behind
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    assert visitor.colours("#heat") > 100
    assert visitor.verdicts() == expected.verdicts("")


def test_a_drag_moves_the_start_and_updates_the_link(behind: Behind) -> None:
    visitor, _ = behind
    x, y = visitor.centre(HANDLE)
    visitor.drag((x, y), (x - 70, y + 30))
    visitor.settle()
    assert visitor.verdicts() == expected.verdicts(visitor.link())
    assert urlsplit(visitor.page.url).path == f"{PREFIX}/"


def test_a_lesson_opens_from_the_list_and_the_history_leads_back(behind: Behind) -> None:
    visitor, _ = behind
    page = visitor.page
    page.get_by_role("button", name="Lessons", exact=True).click()
    page.locator(f"#lesson-entries a[href='?lesson={LESSON}']").click()
    expect(page.locator("#lesson-title")).to_have_text("What a cliff does to gradient descent")
    visitor.until("() => location.search.startsWith('?lesson=')")
    page.go_back()
    expect(page.locator("#lesson")).to_be_hidden()
    assert urlsplit(page.url).path == f"{PREFIX}/"


def test_a_long_run_is_computed_by_the_worker(behind: Behind) -> None:
    visitor, _ = behind
    visitor.open("?landscape=ravine&optimizer.learning_rate=0.000001&steps=100000")
    expect(visitor.page.locator("#verdicts[aria-busy='false']")).to_be_visible()


def test_the_table_of_an_outcome_map_can_be_saved(behind: Behind) -> None:
    visitor, _ = behind
    visitor.open("?landscape=saddle&steps=30&map=outcomes")
    await_outcome_map(visitor)
    with visitor.page.expect_download() as saving:
        visitor.page.locator("#outcomes-csv").click()
    comment, header = saving.value.path().read_text("utf-8").splitlines()[:2]
    assert comment.startswith("# Cliffscape") and header.startswith("start.x,start.y,")
