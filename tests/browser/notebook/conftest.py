"""A page of this process, and browser tabs in which no relief is drawn."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from cliffscape.app.notebook.show import Page, show

LINK = "?landscape=ravine&steps=7"


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    """What `cliffscape.show` returns, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        # As for a user: the settings of the other tests allow one name.
        patch.delenv("CLIFFSCAPE_ALLOWED_HOSTS")
        page = show(LINK, open_tab=False)
    yield page
    page.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile. The relief takes seconds, and a page without Plotly.js draws none."""
    found = browser.new_context()
    found.route("**/plotly-gl3d.min.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    yield found
    found.close()
