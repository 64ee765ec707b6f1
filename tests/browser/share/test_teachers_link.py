"""A teacher's link: built by ticking parts and writing a question; it asks before it shows the answer."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import grave_violations
from tests.browser.conftest import Visit
from tests.browser.share.qr_link import coded_link
from tests.browser.visitor import Visitor

FRAME = {"width": 600, "height": 500}
ASKED = "ask=thrown&ask.question=Will+it+fly%3F"
THROWN = f"?embed&show=play,learning_rate&{ASKED}"


def open_choices(visitor: Visitor) -> Locator:
    """The panel with the choices of the frame."""
    panel = visitor.page.locator("#share-panel")
    visitor.page.locator("#share").click()
    panel.locator("#frame-choices summary").click()
    return panel


def query_of(visitor: Visitor) -> str:
    """The query of the frame that the panel offers."""
    address = visitor.page.locator("#open-frame").get_attribute("href") or ""
    return address.removeprefix(f"{visitor.address}/")


@pytest.mark.parametrize(
    "asked",
    [
        "ask=thrown",
        "ask=choice&ask.question=How+many+steps+until+the+cliff%3F&ask.option=Three|Thirteen|Thirty|More&ask.answer=2",
        "ask=choice&ask.question=How+many%3F&ask.option=One|Two|Three|Four|Five|Six&ask.answer=2",
    ],
    ids=["two answers", "four", "six"],
)
def test_the_map_and_the_question_are_beside_each_other_in_a_frame(fresh_visit: Visit, asked: str) -> None:
    shown = "clipping,learning_rate,sequence_length,play,step"
    page = fresh_visit(f"?embed&show={shown}&{asked}", viewport=FRAME).page

    def check_places() -> None:
        area, question = (page.locator(one).bounding_box() for one in ("#map", ".lesson .ask"))
        assert area and question
        for box in (area, question):
            assert box["x"] >= 0 and box["x"] + box["width"] <= FRAME["width"]
            assert box["y"] >= 0 and box["y"] + box["height"] <= FRAME["height"]
        assert area["x"] + area["width"] < question["x"]
        assert area["width"] > 280 and area["height"] > 280

    check_places()
    page.locator("#lesson-options button").first.click()
    expect(page.locator("#lesson-result")).to_be_visible()
    check_places()
    assert page.evaluate("document.documentElement.scrollWidth") <= FRAME["width"]


def test_ticks_are_the_link(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?optimizer=momentum", color_scheme="dark")
    panel = open_choices(visitor)
    usual = "clipping,learning_rate,sequence_length,play,step"
    assert query_of(visitor) == f"?optimizer=momentum&embed&show={usual}"
    for label in ("Show Step", "Show Clipping"):
        panel.get_by_label(label, exact=True).uncheck()
    for label in ("Show Relief", "Show Momentum α", "Fix Start"):
        panel.get_by_label(label, exact=True).check()
    shown = "learning_rate,sequence_length,play,relief,momentum"
    assert query_of(visitor) == f"?optimizer=momentum&embed&show={shown}&lock=start"
    expect(panel.locator("#share-frame")).to_contain_text(f"show={shown}&amp;lock=start")
    assert grave_violations(visitor) == []
    framed = fresh_visit(query_of(visitor), viewport=FRAME)
    expect(framed.page.locator("#notice")).to_be_hidden()
    expect(framed.page.locator("#map-handle")).to_be_disabled()


def test_the_choices_have_the_names_that_the_page_has(fresh_visit: Visit) -> None:
    """A teacher looks for the words that stand on the page, not for those of the link."""
    visitor = fresh_visit("?landscape=tanh_chain")
    headings = visitor.page.locator("details.part:not([hidden]) > summary h2").all_inner_texts()
    labels = open_choices(visitor).locator(".frame-parts [scope='row']").all_inner_texts()
    assert "Derivatives over T" in headings
    assert set(headings) <= set(labels)
    assert {"Animation", "Controls"} <= set(labels)
    assert not {"Study", "Transport", "Theme", "About"} & set(labels)


def test_a_question_travels_in_the_link(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    panel = open_choices(visitor)
    panel.locator("#ask").select_option("choice")
    expect(panel.locator("#copy-frame")).to_be_disabled()
    panel.locator("#ask-question").focus()
    panel.locator("#ask-option").focus()
    expect(panel.locator(".problem:visible")).to_have_text(
        "question must be given for a choice of answers, got nothing"
    )
    expect(panel.locator("#copy-frame")).to_be_disabled()
    panel.locator("#ask-question").fill("How many steps until the cliff?")
    panel.locator("#ask-option").fill("Three\nThirteen")
    panel.locator("#ask-answer").select_option(label="Thirteen")
    expect(panel.locator("#copy-frame")).to_be_enabled()
    student = fresh_visit(query_of(visitor), viewport=FRAME)
    page = student.page
    expect(page.locator("#lesson-question")).to_have_text("How many steps until the cliff?")
    expect(page.locator("#headline .run").first).to_be_hidden()
    page.locator("#lesson-options button").nth(1).click()
    expect(page.locator("#lesson-result")).to_have_text("Right.")
    expect(page.locator("#headline .run").first).to_be_visible()


def test_a_problem_is_named_once_its_field_has_been_left(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    panel = open_choices(visitor)
    problem = panel.locator("#frame-choices .problem")
    unfinished = panel.get_by_text("The link follows when the question is complete.")
    expect(unfinished).to_be_hidden()
    panel.locator("#ask").select_option("choice")
    panel.locator("#ask-question").press_sequentially("Wh")
    expect(problem).to_be_empty()
    expect(unfinished).to_be_visible()
    panel.locator("#ask-question").fill("")
    expect(problem).to_be_empty()
    panel.locator("#ask-option").press_sequentially("One")
    expect(problem).to_have_text("question must be given for a choice of answers, got nothing")
    expect(unfinished).to_be_hidden()
    # Without the question there is no link, no code and no frame.
    expect(panel.locator("#share-link")).to_have_value("")
    expect(panel.locator("#copy-link")).to_be_disabled()
    expect(panel.locator("#qr-show")).to_be_hidden()
    panel.locator("#ask-question").fill("Why?")
    expect(problem).to_have_text("answers must be 2 to 6 lines, got 1")
    panel.locator("#ask").select_option("mark")
    expect(problem).to_be_empty()
    expect(panel.locator("#copy-link")).to_be_enabled()


def test_link_code_and_frame_follow_what_is_chosen(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?steps=20")
    panel = open_choices(visitor)
    link = panel.locator("#share-link")

    def check_link(query: str) -> None:
        expect(link).to_have_value(f"{visitor.address}/?steps=20{query}")
        assert coded_link(panel.locator("img")) == f"{visitor.address}/?steps=20{query}"

    panel.locator("#ask").select_option("thrown")
    check_link("&ask=thrown&ask.run=without")
    panel.get_by_label("Fix Start", exact=True).check()
    check_link("&ask=thrown&ask.run=without&lock=start")
    expect(panel.locator("#share-page")).to_have_value("whole")
    panel.get_by_label("Show Step", exact=True).uncheck()
    expect(panel.locator("#share-page")).to_have_value("parts")
    shown = "show=clipping,learning_rate,sequence_length,play"
    check_link(f"&ask=thrown&ask.run=without&embed&{shown}&lock=start")
    assert query_of(visitor) == f"?steps=20&ask=thrown&ask.run=without&embed&{shown}&lock=start"
    panel.locator("#share-page").select_option("whole")
    check_link("&ask=thrown&ask.run=without&lock=start")
    # A student's page has the question and the whole page.
    student = fresh_visit("?steps=20&ask=thrown&ask.run=without&lock=start", predicting=True)
    expect(student.page.locator("#notice")).to_be_hidden()
    expect(student.page.locator("#relief")).to_be_visible()


def test_a_lesson_says_why_there_is_no_question_of_ones_own(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?lesson=04-gradient-descent-at-a-cliff", predicting=True)
    panel = open_choices(visitor)
    expect(panel.locator("#ask")).to_be_hidden()
    expect(panel.get_by_text("This link has the question of its lesson.")).to_be_visible()
    assert visitor.page.evaluate("document.querySelector('#share-link').value").endswith(
        "/?lesson=04-gradient-descent-at-a-cliff"
    )
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#lesson-close").click()
    visitor.page.locator("#share").click()
    expect(panel.locator("#ask")).to_be_visible()
    expect(panel.get_by_text("This link has the question of its lesson.")).to_be_hidden()


def test_the_question_comes_before_the_answer_and_back_again(fresh_visit: Visit) -> None:
    visitor = fresh_visit(THROWN, viewport=FRAME)
    page = visitor.page
    expect(page.locator("#lesson-question")).to_have_text("Will it fly?")
    expect(page.locator("#play")).to_be_disabled()
    expect(page.locator("#lesson nav")).to_be_hidden()
    page.get_by_role("button", name="Yes, it will be thrown").click()
    expect(page.locator("#lesson-result")).to_contain_text("Right. The run is thrown at step 13")
    visitor.until(f"() => location.search === '?{ASKED}&embed&show=play,learning_rate'")
    # The question is about its own experiment: the link of another one has none.
    visitor.type("optimizer.learning_rate", "0.1")
    visitor.until("() => location.search === '?optimizer.learning_rate=0.1&embed&show=play,learning_rate'")
    expect(page.locator("#lesson-away")).to_contain_text("You have changed the experiment of this question.")
    page.go_back()
    visitor.until(f"() => location.search === '?{ASKED}&embed&show=play,learning_rate'")
    expect(page.locator("#lesson-result")).to_contain_text("Right.")
    page.locator("#lesson-again").click()
    expect(page.locator("#lesson-result")).to_be_hidden()
    # No lesson of the list is done by it.
    assert page.evaluate("localStorage.getItem('cliffscape-lessons')") is None


def test_a_question_without_an_answer_is_a_sentence_and_the_page_stays(fresh_visit: Visit) -> None:
    visitor = fresh_visit("?ask=choice&ask.question=Why%3F&ask.option=a|b")
    expect(visitor.page.locator("#notice")).to_contain_text("ask.answer must be given, got nothing")
    expect(visitor.page.locator("#lesson")).to_be_hidden()
    assert set(visitor.verdicts()) == {"without", "with"}
