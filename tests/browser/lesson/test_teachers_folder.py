"""A teacher's folder of lessons: listed after the bundled ones, with their errors, and without raw HTML."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import expected
from tests.browser.conftest import VisitorPool, open_pool, run_server
from tests.browser.lesson.lesson_page import answer, open_lesson

OWN = """+++
title = "My <b>own</b>"
source = "My notes, section 1"
check = "It ends at step 20."
scene = "start=4.6,-1.7&steps=20"

[prediction]
kind = "lower"

[[fact]]
quantity = "with.steps"
value = 20
tolerance = 0
+++
Look <script>alert(1)</script> <img src=x onerror=alert(1)> here: $x_t$.

<!-- reveal -->

<b>Seen</b>.
"""

PLOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 200" width="900" height="200"></svg>'
SHOWN = r"""![A plot](plots/line.svg)

$$\begin{aligned}aaa&=b\\c&=d\end{aligned}$$

| x |
|---|
| $\left|\frac{1}{2}\right|$ |

Text.
"""


@pytest.fixture(scope="module")
def teacher(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitorPool]:
    """Visitors of a server with a teacher's folder: one lesson that can be read, one that cannot."""
    folder: Path = tmp_path_factory.mktemp("own")
    (folder / "mine.md").write_text(OWN, encoding="utf-8")
    (folder / "broken.md").write_text(OWN.replace("steps=20", "steps=0"), encoding="utf-8")
    (folder / "plots").mkdir()
    (folder / "plots" / "line.svg").write_text(PLOT, encoding="utf-8")
    (folder / "a-shown.MD").write_text(OWN.replace("Look", f"{SHOWN}\nLook"), encoding="utf-8")
    said = "broken.md:5: steps must be at least 1, got 0 (the lesson is left out)"
    with run_server("--lessons", str(folder), expected=(said,)) as (address, _), open_pool(browser, address) as pool:
        yield pool


def test_a_teachers_lesson_is_listed_last_and_a_broken_one_as_an_error(teacher: VisitorPool) -> None:
    page = teacher.visit().page
    page.get_by_role("button", name="Lessons", exact=True).click()
    expect(page.locator("#lesson-entries a").last).to_have_text("My <b>own</b>")
    expect(page.locator("#lesson-faults li")).to_have_text("broken.md:5: steps must be at least 1, got 0")


def test_raw_html_in_a_lesson_is_shown_as_text(teacher: VisitorPool) -> None:
    visitor = open_lesson(teacher.visit, "lesson=mine")
    page = visitor.page
    expect(page.locator("#lesson-title")).to_have_text("My <b>own</b>")
    expect(page.locator("#lesson-body")).to_contain_text("Look <script>alert(1)</script> <img src=x onerror=alert(1)>")
    expect(page.locator("#lesson-body math")).to_have_count(1)
    answer(visitor, 1)
    ends = {run: record.loss[-1] for run, record in expected.trajectories("start=4.6,-1.7&steps=20").items()}
    low = min(ends, key=lambda run: float(ends[run]))
    expect(page.locator("#lesson-result")).to_contain_text(f"The run {low} clipping ends at the lower loss: ")
    expect(page.locator("#lesson-reveal")).to_have_text("<b>Seen</b>.")
    assert page.locator("#lesson :is(script, img, b)").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_images_and_formulas_of_a_lesson_are_shown(teacher: VisitorPool, width: int) -> None:
    visitor = open_lesson(
        lambda query, **more: teacher.visit(query, viewport={"width": width, "height": 800}, **more), "lesson=a-shown"
    )
    page = visitor.page
    image = page.get_by_role("img", name="A plot")
    expect(image).to_be_visible()
    page.wait_for_function("document.querySelector('#lesson-body img').naturalWidth === 900")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Latin Modern Math\"'))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = image.bounding_box()
    assert shown is not None and shown["width"] < 900
    cells = [cell.bounding_box() for cell in page.locator("#lesson-body mtd").all()]
    (left, right), (below, beside) = cells[:2], cells[2:]
    assert left and right and below and beside
    assert below["y"] > left["y"] and beside["x"] == right["x"]
    fences = page.locator("#lesson-body table mo").all()
    assert [fence.text_content() for fence in fences] == ["|", "|"]
    fence, fraction = fences[0].bounding_box(), page.locator("#lesson-body mfrac").bounding_box()
    assert fence and fraction and fence["height"] >= fraction["height"]
