"""A visitor with a relief, which takes seconds to open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import open_pool
from tests.browser.visitor import Visitor

QUERY = "?landscape.sequence_length=40"


@pytest.fixture(scope="package")
def painter(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor of a dark page with a relief, at the link QUERY."""
    with open_pool(browser, address) as pool:
        yield pool.visit(QUERY, relief=True, color_scheme="dark")
