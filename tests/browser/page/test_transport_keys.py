"""The animation, step by step: by buttons and by keys."""

from playwright.sync_api import expect

from tests.browser.axe import grave_violations_of_themes
from tests.browser.conftest import Visit
from tests.browser.page.transport_page import is_playing, press


def test_buttons_step(visit: Visit) -> None:
    visitor = visit()
    seen = []
    for name in ("first", "forward", "forward", "back", "last", "forward", "back", "first", "back"):
        press(visitor, name)
        seen.append(visitor.step())
    assert seen == [0, 1, 2, 1, 60, 60, 59, 0, 0]


def test_brackets_step(visit: Visit) -> None:
    visitor = visit()
    visitor.page.keyboard.press("[")
    visitor.page.keyboard.press("[")
    visitor.frames()
    assert visitor.step() == 58
    visitor.page.keyboard.press("]")
    visitor.frames()
    assert visitor.step() == 59


def test_brackets_step_after_scrubbing(visit: Visit) -> None:
    visitor = visit()
    x, y = visitor.centre("#scrub")
    visitor.page.mouse.click(x, y)
    visitor.frames()
    at = visitor.step()
    assert 25 < at < 35
    visitor.page.keyboard.press("]")
    visitor.frames()
    assert visitor.step() in (at + 1, at + 2)


def test_space_plays_and_pauses_unless_the_focused_element_uses_it(visit: Visit) -> None:
    visitor = visit()
    for focus in ("body", "#map-handle", "#scrub"):
        if focus != "body":
            visitor.page.locator(focus).focus()
        visitor.page.keyboard.press("Space")
        assert is_playing(visitor), focus
        visitor.page.keyboard.press("Space")
        assert not is_playing(visitor), focus
    assert visitor.page.evaluate("scrollY") == 0


def test_space_on_a_button_presses_it_and_nothing_else(visit: Visit) -> None:
    visitor = visit()
    visitor.page.locator("#first").focus()
    visitor.page.keyboard.press("Space")
    visitor.frames()
    assert not is_playing(visitor)
    assert visitor.step() == 0
    visitor.page.locator("#play").focus()
    visitor.page.keyboard.press("Space")
    assert is_playing(visitor)


def test_keys_typed_in_a_field_do_not_control_the_animation(visit: Visit) -> None:
    visitor = visit()
    visitor.field("optimizer.learning_rate").click()
    visitor.page.keyboard.type(" [")
    visitor.frames()
    assert not is_playing(visitor)
    assert visitor.step() == 60


def test_a_question_mark_lists_the_keys(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    keys = visitor.page.locator("#keys")
    visitor.page.keyboard.press("?")
    expect(keys).to_be_visible()
    listed = keys.locator("kbd").all_inner_texts()
    assert {"Space", "[", "]", "?", "Shift", "Home"} <= set(listed)
    assert grave_violations_of_themes(visitor) == []
    visitor.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    # In a field it is a letter.
    visitor.field("steps").locator("xpath=ancestor::details/summary").click()
    visitor.field("steps").press("?")
    expect(keys).to_be_hidden()


def test_buttons_list_the_keys_and_have_the_focus_again(visit: Visit) -> None:
    visitor = visit()
    buttons, keys = visitor.page.locator("[aria-controls=keys]"), visitor.page.locator("#keys")
    assert buttons.count() == 2
    for button in buttons.all():
        button.focus()
        visitor.page.keyboard.press("Enter")
        expect(keys).to_be_visible()
        visitor.page.keyboard.press("?")
        expect(keys).to_be_hidden()
        expect(button).to_be_focused()
        button.click()
        visitor.page.locator("#keys-close").click()
        expect(keys).to_be_hidden()
