"""The outcome map of a network, which the server computes: its progress, cancelled and resumed."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit

# The coarsest map takes half a second, and the finest minutes.
QUERY = "?landscape=recurrent_network&landscape.batch_size=4&cell.hidden_units=4&steps=100&map=outcomes"
COMPUTING = re.compile(r"Computing \d+ × \d+ cells")


def test_a_slow_map_shows_its_progress_and_can_be_cancelled_and_resumed(fresh_visit: Visit) -> None:
    visitor = fresh_visit(QUERY, relief=False)
    page = visitor.page
    line, words, button = (page.locator(f"#map-{name}") for name in ("progress", "progress-words", "cancel"))
    expect(words).to_have_text(COMPUTING, timeout=60_000)
    expect(page.locator("#outcomes")).to_be_visible(timeout=60_000)
    share = page.locator("#map-progress-share")
    visitor.until("(low) => document.getElementById('map-progress-share').value > low", 0)
    assert 0 < float(share.evaluate("(bar) => bar.value")) <= 1
    button.click()
    columns = page.locator("#outcomes").get_attribute("data-columns")
    expect(words).to_have_text(f"Stopped at {columns} × {columns} cells")
    before = visitor.asked()
    expect(share).to_be_hidden()
    assert visitor.asked() == before
    button.click()
    expect(words).to_have_text(COMPUTING, timeout=60_000)
    button.click()
    # Another Scene has a map of its own.
    visitor.type("optimizer.learning_rate", "0.3")
    expect(line).not_to_contain_text("Stopped")
