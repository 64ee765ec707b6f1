"""The lens: predicted and actual change at the throw, and the angle by which clipping by value rotates a gradient."""

import math

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit


def test_at_the_throw_the_predicted_change_is_far_from_the_actual_one(visit: Visit) -> None:
    visitor = visit("?clip=by_value")
    visitor.scrub(13)
    visitor.frames()
    row = visitor.readout("without")
    assert row == expected.readout("clip=by_value", "without", 13)
    assert row[-2:] == ["−179", "−0.0485"]
    gradient = expected.gradient("clip=by_value", expected.trajectories("clip=by_value")["with"].position[13])
    clipped = gradient.clamp(-0.2, 0.2)
    turn = math.degrees(math.acos(float(gradient @ clipped / gradient.norm() / clipped.norm())))
    words = visitor.page.locator("#lens-words")
    expect(words).to_have_text(f"rotated {expected.format_number(turn)}°")
    assert turn == pytest.approx(16, abs=0.5)


def test_clipping_by_norm_does_not_rotate_the_gradient(visit: Visit) -> None:
    visitor = visit()
    visitor.scrub(13)
    visitor.frames()
    assert float(expected.trajectories("")["with"].clip_factor[13]) < 0.1
    expect(visitor.page.locator("#lens-words")).to_have_text("")
    assert visitor.page.evaluate("""() => {
      const canvas = document.getElementById('lens-canvas');
      return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0);
    }""")


def test_a_clip_of_the_step_has_a_lens_of_steps(visit: Visit) -> None:
    """Adam's step is not a multiple of the gradient, so the lens shows no angle. The step lies inside the circle."""
    visitor = visit("?clip=step_by_norm&optimizer=adam&optimizer.learning_rate=0.3")
    visitor.scrub(3)
    visitor.frames()
    query = "clip=step_by_norm&optimizer=adam&optimizer.learning_rate=0.3"
    assert float(expected.trajectories(query)["with"].clip_factor[3]) < 0.7
    assert visitor.readout("with") == expected.readout(query, "with", 3)
    expect(visitor.page.locator("#lens-words")).to_have_text("")


def test_the_last_row_shows_the_last_step(visit: Visit) -> None:
    visitor = visit()
    assert visitor.readout("with")[-2:] == expected.readout("", "with", 59)[-2:]
    expect(visitor.page.locator("#step-words")).to_contain_text("the last step, from 59 to 60")


BOXES = """() => ['lens', 'curves'].map((id) => {
  const { left, top, width } = document.getElementById(id).getBoundingClientRect();
  return [left, top + scrollY, width];
})"""


@pytest.mark.parametrize("width", [360, 1280, 1920])
@pytest.mark.parametrize("query", ["?clip=by_value", "?landscape=himmelblau&optimizer.learning_rate=0.5&clip=none"])
def test_lens_and_curves_stay_in_place_when_the_caption_changes(visit: Visit, query: str, width: int) -> None:
    """The caption appears and disappears, the readout changes width, and a diverged step has no arrow."""
    visitor = visit(query, viewport={"width": width, "height": 800})
    # The note under the learning rate appears together with it.
    visitor.until("() => !document.getElementById('step-profile').hidden")
    visitor.frames()
    boxes = visitor.page.evaluate(BOXES)
    said, seen = set(), set()
    for step in range(0, expected.scene(query).steps + 1, 4):
        visitor.scrub(step)
        visitor.frames(2)
        said.add(visitor.page.locator("#lens-words").inner_text())
        seen.add(visitor.page.locator("#lens").is_visible())
        assert visitor.page.evaluate(BOXES) == boxes
    assert len(said) + len(seen) > 2


# The radius of the threshold as a share of the canvas.
BALL = 0.345
RING = """([x, y]) => {
  const canvas = document.getElementById('lens-canvas');
  const ratio = canvas.width / canvas.clientWidth;
  const middle = canvas.clientWidth / 2;
  const ink = (dx, dy) => {
    const place = [(middle + x + dx) * ratio, (middle + y + dy) * ratio].map(Math.round);
    const [r, g, b, a] = canvas.getContext('2d').getImageData(...place, 1, 1).data;
    return a > 100 && b > r + 40;
  };
  return [[4, 0], [-4, 0], [0, 4], [0, -4]].map(([dx, dy]) => ink(dx, dy));
}"""


def test_a_ring_marks_where_the_step_goes(visit: Visit) -> None:
    """With momentum the step does not have the direction of the clipped gradient."""
    query = "optimizer=momentum&optimizer.learning_rate=0.2&clip.threshold=2&runs=with"
    visitor = visit(f"?{query}")
    visitor.scrub(6)
    visitor.frames()
    position = expected.trajectories(query)["with"].position
    size = visitor.page.locator("#lens-canvas").evaluate("(canvas) => canvas.clientWidth")
    step = (position[7] - position[6]) / 0.2 * (BALL * size / 2)
    assert float(step.norm()) < 0.46 * size
    assert visitor.page.evaluate(RING, [float(step[0]), -float(step[1])]) == [True] * 4
    gradient = expected.gradient(query, position[6])
    assert float((step / (BALL * size / 2) + gradient).norm()) > 0.1


# Whether anything is drawn at a place, in multiples of the threshold from the centre.
DRAWN = """([x, y, ball]) => {
  const canvas = document.getElementById('lens-canvas');
  const ratio = canvas.width / canvas.clientWidth, middle = canvas.width / 2;
  const reach = ball * canvas.clientWidth * ratio;
  const size = Math.ceil(2 * ratio);
  const at = [middle + x * reach - size / 2, middle + y * reach - size / 2].map(Math.round);
  const pixels = canvas.getContext('2d').getImageData(...at, size, size).data;
  return pixels.filter((_, k) => k % 4 === 3).some((alpha) => alpha > 60);
}"""


@pytest.mark.parametrize(
    ("query", "circles", "squares", "ball"),
    [
        ("clip=by_value_then_norm&clip.value_threshold=0.1&clip.threshold=0.2", [1.0], [0.5], BALL),
        # The larger of the two thresholds has the room.
        ("clip=by_norm_then_mean&clip.minibatch_threshold=0.3&clip.threshold=0.2", [1.0, 1.5], [], BALL / 1.5),
    ],
)
def test_a_clip_of_two_rules_shows_both_thresholds(
    visit: Visit, query: str, circles: list[float], squares: list[float], ball: float
) -> None:
    """At several places on each outline, because a dashed line has gaps."""
    visitor = visit(f"?{query}")
    angles = [math.radians(20 + 4 * k) for k in range(8)]
    for radius in circles:
        places = [[radius * math.cos(a), radius * math.sin(a), ball] for a in angles]
        assert sum(visitor.page.evaluate(DRAWN, place) for place in places) >= 3
    for side in squares:
        places = [[side, side * math.tan(a), ball] for a in angles if math.tan(a) < 1]
        assert sum(visitor.page.evaluate(DRAWN, place) for place in places) >= 2
    # Between the outlines nothing is drawn; the corners of the square are at 45°.
    for radius in (0.8, 1.25):
        places = [[radius * math.cos(a), radius * math.sin(a), ball] for a in angles[:3]]
        assert not any(visitor.page.evaluate(DRAWN, place) for place in places)


EDGES = """() => {
  const canvas = document.getElementById('lens-canvas');
  const [width, ratio] = [canvas.clientWidth, canvas.width / canvas.clientWidth];
  const half = 0.5 * 0.345 * width;
  const inked = (x, y) => {
    const [left, top] = [x, y].map((part) => Math.round((width / 2 + part) * ratio) - 2);
    const { data } = canvas.getContext('2d').getImageData(left, top, 5, 5);
    return data.some((value, k) => k % 4 === 3 && value > 100);
  };
  return [[1, 1], [1, -1], [-1, 1], [-1, -1]].filter(([x, y]) => inked(x * half, y * half)).length;
}"""


@pytest.mark.parametrize(("clip", "drawn"), [("by_one_norm_pytorch", True), ("by_max_norm_pytorch", False)])
def test_the_unit_ball_of_the_1_norm_is_a_diamond(visit: Visit, clip: str, drawn: bool) -> None:
    """The middles of its four edges, of which an arrow may hit one in other pictures too."""
    visitor = visit(f"?clip={clip}")
    visitor.scrub(13)
    visitor.frames()
    found = visitor.page.evaluate(EDGES)
    assert found == 4 if drawn else found <= 1
