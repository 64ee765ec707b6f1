"""The first drawing of the relief, for which Plotly compiles its shaders."""

import pytest

from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.relief.plotly_scene import opinions
from tests.browser.visitor import Visitor

# A curve has no relief, so nothing has been drawn before the surface.
CURVE, SURFACE = "?landscape=formula&landscape.text=x**2", "?landscape=ravine"
HOLE = "?landscape=formula&landscape.text=sqrt(x)*y"  # the loss is NaN in the lower left corner
# How many shaders are linked in each task, how often pixels are read back, and which surfaces Plotly draws after the
# first time. In the middle of that first drawing, `then` is called.
WATCH = """() => {
  Object.assign(window, { links: [], reads: 0, drawings: [], then: () => {} });
  let within = false;
  const { linkProgram, readPixels } = WebGLRenderingContext.prototype;

  function countDrawings() {
    const { react } = Plotly;
    Plotly.react = (element, [trace], ...rest) => {
      drawings.push(trace.visible ?? true);
      return react(element, [trace], ...rest);
    };
  }

  WebGLRenderingContext.prototype.linkProgram = function (program) {
    if (!links.length) {
      countDrawings();
      queueMicrotask(then);
    }
    if (!within) {
      links.push(0);
      setTimeout(() => (within = false));
    }
    within = true;
    links[links.length - 1]++;
    return linkProgram.call(this, program);
  };

  WebGLRenderingContext.prototype.readPixels = function (...given) {
    window.reads++;
    return readPixels.apply(this, given);
  };
}"""
CHANGE_THEME = "() => (window.then = () => document.getElementById('theme').click())"
DRAWN = "(key) => document.getElementById('relief').dataset.key === key"


@pytest.fixture
def newcomer(fresh_visit: Visit) -> Visitor:
    """A visitor whose page has not loaded Plotly yet, and will count what it does."""
    visitor = fresh_visit(CURVE)
    visitor.page.unroute("**/plotly-gl3d.min.js")
    visitor.page.evaluate(WATCH)
    return visitor


def test_no_task_compiles_most_of_the_shaders(newcomer: Visitor) -> None:
    newcomer.turn_to(SURFACE)
    newcomer.until(DRAWN, expected.relief(SURFACE))
    links = newcomer.page.evaluate("links")
    assert len(links) > 1
    assert max(links) < 0.7 * sum(links)


def test_a_surface_with_a_hole_at_its_first_points_is_drawn(newcomer: Visitor) -> None:
    newcomer.turn_to(HOLE)
    newcomer.until(DRAWN, expected.relief(HOLE))


def test_no_pixels_are_read_back(newcomer: Visitor) -> None:
    """Plotly would draw the surface again for its own picking."""
    newcomer.turn_to(SURFACE)
    newcomer.until(DRAWN, expected.relief(SURFACE))
    assert newcomer.page.evaluate("reads") == 0


def test_a_theme_that_changes_meanwhile_is_drawn_afterwards(newcomer: Visitor) -> None:
    newcomer.page.evaluate(CHANGE_THEME)
    newcomer.turn_to(SURFACE)
    # The cell, the surface, and the surface in the other theme.
    newcomer.until("() => drawings.length >= 3")
    newcomer.frames()
    # Nothing has been prepared a second time.
    assert set(newcomer.page.evaluate("drawings")) == {True}
    theirs, ours = opinions(newcomer)
    assert ours == pytest.approx(theirs, abs=2)
