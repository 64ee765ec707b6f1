"""The page and a result in a real JupyterLab, and the page through its proxy."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.notebook.jupyter_lab import run_jupyter_lab

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed: make test-notebook")
CELLS = (
    "import cliffscape\nresult = cliffscape.run('landscape=ravine&steps=7')\nresult",
    "page = cliffscape.show(result, height=600)\npage",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of JupyterLab."""
    with run_jupyter_lab(tmp_path_factory.mktemp("jupyter"), CELLS) as address:
        yield address


def run_notebook(context: BrowserContext, lab: str) -> Page:
    """The notebook, whose cells have been started."""
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/test.ipynb")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(len(CELLS), timeout=60_000)
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'"
    )
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    return page


def test_the_frame_shows_the_page_and_the_result_its_picture(context: BrowserContext, lab: str) -> None:
    page = run_notebook(context, lab)
    picture = page.get_by_role("img", name="The runs on the map")
    # The kernel loads PyTorch first.
    expect(picture).to_be_visible(timeout=60_000)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
    # A browser does not draw a frame that is out of sight.
    page.locator("iframe[title=Cliffscape]").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe[title=Cliffscape]")
    expect(frame.locator("#map[data-columns='513']")).to_be_visible()
    expect(frame.locator(".verdict .sentence:not(:empty)").first).to_be_visible()
    address = page.get_by_role("link", name="Open in a new tab").get_attribute("href")
    assert address is not None and address.startswith("http://127.0.0.1:")
    # The same page through the proxy of this Jupyter server.
    server = urlsplit(address)
    other = context.new_page()
    other.goto(f"{lab}/proxy/{server.port}{server.path}?{server.query}")
    expect(other.locator("#map[data-columns='513']")).to_be_visible()
