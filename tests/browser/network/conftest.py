"""Visitors of the training section."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.network.training_page import SHORT, button, status
from tests.browser.visitor import Visitor


@pytest.fixture
def trainer(visit: Visit) -> Visitor:
    """A visitor who has trained a network to the end."""
    visitor = visit(SHORT)
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    return visitor
