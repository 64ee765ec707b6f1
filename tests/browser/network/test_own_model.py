"""A model of the user's own on the page: it is named on the command line, and its plane is a landscape."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app.models.conftest import MODEL
from tests.browser.conftest import VisitorPool, open_pool
from tests.browser.server_process import run_server


@pytest.fixture(scope="module")
def visitors(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitorPool]:
    """Visitors of a server with a model."""
    path: Path = tmp_path_factory.mktemp("model") / "my_model.py"
    path.write_text(MODEL, encoding="utf-8")
    options = ("--model", f"{path}:build", "--data", f"{path}:batch")
    with run_server(*options) as (address, _), open_pool(browser, address) as pool:
        yield pool


def test_the_plane_of_a_model_has_a_surface_and_both_runs(visitors: VisitorPool) -> None:
    visitor = visitors.visit("?landscape=model&landscape.view=my_model&steps=20")
    expect(visitor.page.locator("[data-field='landscape.view'] select")).to_have_value("my_model")
    for run in ("without", "with"):
        expect(visitor.sentence(run)).to_contain_text("loss")
    visitor.until("() => document.getElementById('map').dataset.key")
    # A model has no families of a recurrent network, no training and no gradient flow.
    expect(visitor.page.locator("section.family.cell")).to_be_hidden()
    expect(visitor.page.locator("#whole-network")).to_be_hidden()
    visitor.field("start.0").fill("0.25")
    visitor.field("start.0").press("Enter")
    visitor.until("() => history.state.scene.start?.[0] === 0.25")
    expect(visitor.sentence("with")).to_contain_text("loss")
    assert visitor.errors == []
