"""The optimizer's memory of gradients has a curve of its own, shown only if the optimizer has a memory."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import expect_preset

FROZEN = "?landscape=slope_with_drop&optimizer=adam&optimizer.learning_rate=0.01&clip.threshold=2&steps=1000"


def test_the_memory_of_adam_is_drawn_and_gradient_descent_has_none(visit: Visit) -> None:
    visitor = visit(FROZEN)
    curve = visitor.page.locator("#curve-memory")
    expect(curve).to_be_visible()
    expect_preset(visitor, "slope_with_drop/0")
    expect(visitor.page.locator(".verdict.without .outcome")).to_have_text("not converged")
    expect(visitor.page.locator(".verdict.with .outcome")).to_have_text("converged")
    shown = curve.evaluate(
        "(canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    )
    assert shown > 20, "both runs' curves are drawn"
    visitor.field("optimizer").select_option("gradient_descent")
    expect(curve).to_be_hidden()
    visitor.field("optimizer").select_option("rmsprop")
    expect(curve).to_be_visible()
