"""Studies below the descent: closed for the cliff, open for others, with the server's sentences and curves."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset

INK = "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v)"


def test_a_chain_shows_its_derivatives_and_follows_the_start(visit: Visit) -> None:
    visitor = visit("?landscape=tanh_chain")
    words = visitor.page.locator("#study-words")
    expect(words).to_contain_text(
        "The first derivative with respect to u vanishes: −0.0502 at T = 10, −1.01e−10 at T = 100."
    )
    expect(words).to_contain_text("−0.603 at T = 50, −0.603 at T = 100")
    for name in ("first", "second"):
        assert visitor.page.locator(f"#study-{name}").evaluate(INK)
    visitor.field("start.1").fill("0.5")
    visitor.field("start.1").press("Enter")
    expect(words).to_contain_text("−6.74e−31 at T = 100")
    choose_preset(visitor, "vanishing_direction/0")
    expect(words).to_contain_text("first derivative with respect to c vanishes")


def test_on_the_cliff_it_is_closed_and_sends_no_request_until_it_is_opened(fresh_visit: Visit) -> None:
    visitor = fresh_visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.post_data or ""))
    section = visitor.page.locator("#study")
    expect(section).to_be_visible()
    expect(visitor.page.locator("#study-words")).to_be_hidden()
    assert not any("study" in body for body in asked)
    section.locator("summary").click()
    expect(visitor.page.locator("#study-words")).to_contain_text("first derivative with respect to b does not vanish")
    assert any('"study"' in body for body in asked)
    choose_preset(visitor, "himmelblau/0")
    expect(section).to_be_hidden()


def test_repeated_composition_is_drawn_along_a_line(visit: Visit) -> None:
    visitor = visit("?landscape=repeated_composition")
    words = visitor.page.locator("#study-words")
    expect(words).to_contain_text("After 0 to 5 layers of 100 units the output has 0, 2, 6, 4, 10 and 6 extrema")
    expect(visitor.page.locator("#study-lead")).to_contain_text("figure 10.15")
    for name in ("first", "second"):
        assert visitor.page.locator(f"#study-{name}").evaluate(INK)
