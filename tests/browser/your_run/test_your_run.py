"""The page that reads a log: a file is picked or dropped, and nothing is sent."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from cliffscape.app.advice.quantities import QUANTITIES
from tests.app.advice.logs import unstable_log
from tests.app.logs.read_text import EXAMPLES
from tests.browser.axe import grave_violations
from tests.browser.conftest import WINDOW
from tests.browser.visitor import Visitor

DROP = """(text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "dropped.txt"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor on the page."""
    context = browser.new_context(viewport=WINDOW)
    found = Visitor(context.new_page(), address)
    with (
        found.page.expect_response("**/your-run/zclip.js"),
        found.page.expect_response("**/api/logs/log_worker.js"),
    ):
        found.page.goto(f"{address}/your-run")
    found.requests.clear()
    yield found
    context.close()
    assert found.errors == []


def pick(visitor: Visitor, path: Path | dict[str, object]) -> None:
    """Pick a file."""
    visitor.page.locator("#log-file").set_input_files(path)  # type: ignore[arg-type]


def test_a_picked_log_is_read_and_nothing_is_sent(visitor: Visitor) -> None:
    pick(visitor, {"name": "x", "mimeType": "text/plain", "buffer": unstable_log().encode()})
    page = visitor.page
    expect(page.locator("#log-status")).to_have_text("Report on x")
    expect(page.locator(".advised")).to_contain_text("Clip by norm at 2.1; 1 to 4.1 is a reasonable range.")
    report = page.locator("#log-report")
    for said in (
        "The run was unstable: 1 of 1000 norms are Inf or NaN, the first at step 7010.",
        "One step in 10 is logged.",
        "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=2.1)",
        "1 spike: a norm more than 5 times the median of the norms before it.",
        "never back",
        "AutoClip would make finite gradients NaN from record 702 of 1000 on",
        "ZClip with its default parameters would clip",
    ):
        expect(report).to_contain_text(said)
    assert grave_violations(visitor) == []
    assert [address for address in visitor.requests if urlsplit(address).scheme not in ("data", "blob")] == []


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_has_an_explanation(name: str, visitor: Visitor) -> None:
    pick(visitor, {"name": "x", "mimeType": "text/plain", "buffer": unstable_log().encode()})
    visitor.page.get_by_role("button", name=f"About {name}", exact=True).click()
    expect(visitor.page.locator(".bubble")).to_have_text(QUANTITIES[name])


def test_the_threshold_can_be_moved(visitor: Visitor) -> None:
    pick(visitor, {"name": "x", "mimeType": "text/plain", "buffer": unstable_log().encode()})
    output = visitor.page.locator(".threshold output")
    expect(output).to_contain_text("2.1: clips")
    line = visitor.page.locator(".norms .limit")
    before = float(line.get_attribute("y1") or "nan")
    visitor.page.locator("#threshold").focus()
    for _ in range(30):
        visitor.page.keyboard.press("ArrowRight")
    assert float(line.get_attribute("y1") or "nan") < before
    expect(output).not_to_contain_text("2.1: clips")


def test_a_dropped_log_with_several_runs(visitor: Visitor) -> None:
    visitor.page.evaluate(DROP, (EXAMPLES / "weights_and_biases.csv").read_text(encoding="utf-8"))
    expect(visitor.page.locator("#log-status")).to_have_text("Report on dropped.txt")
    visitor.page.locator("#log-run").select_option("calm-sea-2")
    expect(visitor.page.locator("#log-report")).to_contain_text("3 records with a gradient norm in 4 lines")
    expect(visitor.page.locator("#log-report")).to_contain_text("1 norm is Inf or NaN, at step 30.")


def test_an_event_file(visitor: Visitor) -> None:
    pick(visitor, EXAMPLES / "tensorboard.events")
    expect(visitor.page.locator("#log-report")).to_contain_text(
        "TensorBoard (event file). Columns: norm = train/grad_norm"
    )


def test_an_archive_of_this_program(visitor: Visitor) -> None:
    file = io.BytesIO()
    norms = np.exp(np.sin(np.arange(400.0)))
    np.savez_compressed(file, update=np.arange(1, 401), gradient_norm=norms, loss=1 / norms)
    pick(visitor, {"name": "curves.npz", "mimeType": "application/zip", "buffer": file.getvalue()})
    expect(visitor.page.locator("#log-status")).to_have_text("Report on curves.npz")
    expect(visitor.page.locator("#log-report")).to_contain_text("400 records with a gradient norm")


def test_a_worker_reads_the_log_and_says_how_far_it_is(visitor: Visitor) -> None:
    """A file of four blocks, of which the format takes one, and most is not the log."""
    page = visitor.page
    page.evaluate(
        r"""(text) => {
          window.said = [];
          const status = document.getElementById("log-status");
          new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
          const data = new DataTransfer();
          data.items.add(new File([text, ("x".repeat(1 << 18) + "\n").repeat(100)], "long.txt"));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        unstable_log(),
    )
    expect(page.locator("#log-status")).to_have_text("Report on long.txt")
    *shares, computing, done = page.evaluate("said.slice(1)")
    assert len(shares) == 2 and all(re.fullmatch(r"Reading long.txt: [1-9]\d % …", text) for text in shares)
    assert (computing, done) == ("long.txt has been read. Computing its report …", "Report on long.txt")
    assert [urlsplit(worker.url).path.rpartition("/")[2] for worker in page.workers] == ["log_worker.js"]


def test_a_newer_log_ends_the_work_on_an_older_one(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate("""() => {
      const { terminate } = Worker.prototype;
      window.ended = [];
      Worker.prototype.terminate = function () {
        ended.push(document.getElementById("log-status").textContent);
        terminate.call(this);
      };
    }""")
    page.evaluate(f"([one, other]) => {{ ({DROP})(one); ({DROP})(other); }}", [unstable_log(), "grad_norm\n1\n2\n"])
    expect(page.locator("#log-report")).to_contain_text("2 records with a gradient norm in 3 lines")
    # A worker that has reported, or refused a log, reads the next one.
    for text, status in (("hello", "dropped.txt: Expected"), ("grad_norm\n1\n", "Report on dropped.txt")):
        page.evaluate(DROP, text)
        expect(page.locator("#log-status")).to_contain_text(status)
    assert page.evaluate("ended") == ["Reading dropped.txt …"]


# A browser without workers, and a policy that forbids them.
NO_WORKER = (
    "delete window.Worker",
    """window.Worker = class extends EventTarget {
      constructor() {
        super();
        setTimeout(() => this.dispatchEvent(new Event("error")));
      }
      postMessage() {}
      terminate() {}
    }""",
)


@pytest.mark.parametrize("script", NO_WORKER, ids=["missing", "refused"])
def test_without_a_worker_the_page_reads_the_log(browser: Browser, address: str, script: str) -> None:
    context = browser.new_context(viewport=WINDOW)
    found = Visitor(context.new_page(), address)
    found.page.add_init_script(script)
    found.page.goto(f"{address}/your-run")
    for name in ("first", "second"):
        pick(found, {"name": name, "mimeType": "text/plain", "buffer": unstable_log().encode()})
        expect(found.page.locator("#log-status")).to_have_text(f"Report on {name}")
        expect(found.page.locator("#log-report")).to_contain_text("ZClip with its default parameters would clip")
    assert found.page.workers == [] and found.errors == []
    context.close()


def test_a_file_that_is_no_log_is_refused(visitor: Visitor) -> None:
    pick(visitor, {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello\n"})
    expect(visitor.page.locator("#log-status")).to_contain_text("notes.txt: Expected a log in a format that is known.")
    expect(visitor.page.locator("#log-status")).to_contain_text(
        "can be a CSV table with the header step,loss,grad_norm."
    )
    expect(visitor.page.locator("#log-report")).to_be_hidden()


def test_an_example_shows_what_a_report_is(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#log-example").click()
    expect(page.locator("#log-status")).to_have_text("Report on temporal-order.csv")
    expect(page.locator(".advised")).to_contain_text("Clip by norm at 1.9")
    expect(page.locator("#log-report")).to_contain_text("8 spikes")
    assert visitor.requests == []


def test_on_a_phone_only_tables_scroll_sideways(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#log-example").click()
    expect(page.locator(".advised")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
