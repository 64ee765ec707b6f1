"""A run that a clip rescues: its rows with Inf or NaN are a gap, named by its first and last step and not drawn."""

import itertools
import math

from tests.browser import expected
from tests.browser.conftest import Visit

QUERY = (
    "?landscape=linear_recurrence&landscape.sequence_length=100&window=-10,50,-30,30&steps=12&start=36,0"
    "&optimizer.learning_rate=1&clip=by_norm_else_random&clip.threshold=10&clip.seed=10&runs=with"
)
WINDOW = (-10.0, 50.0, -30.0, 30.0)
# The pixels of the overlay with colour in a square around a point.
PAINTED = """([x, y]) => {
  const canvas = document.getElementById('map-overlay');
  const { left, top, width } = canvas.getBoundingClientRect();
  const scale = canvas.width / width;
  const [px, py] = [(x - left) * scale, (y - top) * scale];
  return canvas.getContext('2d').getImageData(px - 4, py - 4, 9, 9).data.filter((_, k) => k % 4 === 3)
    .filter((alpha) => alpha > 0).length;
}"""


def test_its_verdict_is_that_of_the_command_line(visit: Visit) -> None:
    visitor = visit(QUERY)
    assert visitor.verdicts() == expected.verdicts(QUERY)
    assert "Inf or NaN from step 0 to step 2, then finite again" in visitor.verdict("with")


def test_its_path_begins_where_it_is_finite(visit: Visit) -> None:
    visitor = visit(QUERY)
    record = expected.trajectories(QUERY)["with"]
    x, y = record.position.unbind(-1)
    pixels = [visitor.mapping(WINDOW).pixel(float(x[k]), float(y[k])) for k in range(13)]
    middles = [tuple((a + b) / 2 for a, b in zip(*pair, strict=True)) for pair in itertools.pairwise(pixels)]
    finite = [math.isfinite(loss) for loss in record.loss.tolist()]
    drawn = [visitor.page.evaluate(PAINTED, middle) > 0 for middle in middles]
    assert finite[:4] == [False, False, False, True]
    assert drawn[:3] == [False] * 3 and drawn[3], "no line to a place without a loss, and one after it"
