"""The browser computes what PyTorch computes: every column of whole trajectories, and the readout."""

import pytest
import torch

from cliffscape.app.runs.verdicts import format_number
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

COLUMNS = ("x", "y", "loss", "gradient_norm", "clip_factor", "step_length")
FOLLOW = """async () => {
  const { needModule } = await import(document.querySelector('script[type=module]').src);
  const { decodeBase64 } = needModule('api/frames.js');
  const { loadKernels } = needModule('api/kernels.js');
  const { runsOf, startOf } = needModule('state/scene/lookup.js');
  const { follow } = needModule('state/runs/trajectories.js');
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const { catalogue, scene, frames } = JSON.parse(page.getElementById('opening').textContent);
  const kernels = await loadKernels(frames.map(decodeBase64).find(({ kind }) => kind === 'kernel'));
  const plain = (rows) => Object.fromEntries(Object.entries(rows).filter(([, column]) => column.length)
    .map(([name, column]) => [name, Array.from(column, String)]));
  return Object.fromEntries(runsOf(scene).map((run) =>
    [run, plain(follow(kernels[run], scene, startOf(scene), run))]));
}"""
# Near a cliff rounding errors grow, to at most 1e-6 in 60 steps. On smooth landscapes they do not.
CHAOTIC, SMOOTH = 1e-6, 1e-11
SCENES = [
    ("", CHAOTIC),
    ("start=4.5,-1.55&optimizer.learning_rate=0.8", CHAOTIC),
    ("start=4.9,-2.45&optimizer.learning_rate=0.7&clip.threshold=0.5&steps=30", CHAOTIC),
    ("landscape=himmelblau&optimizer=adam&clip=by_value&clip.threshold=20", SMOOTH),
    ("landscape=rosenbrock&optimizer=momentum&optimizer.learning_rate=0.0005&clip.threshold=10", SMOOTH),
    ("landscape=ravine&optimizer=nesterov&optimizer.learning_rate=0.02&clip=by_norm_pytorch", SMOOTH),
    ("landscape=saddle&clip=random_step&clip.seed=3&optimizer.learning_rate=0.2", SMOOTH),
    ("landscape=beale&optimizer.learning_rate=0.01&clip.threshold=5&steps=200", SMOOTH),
    ("landscape=repeated_composition&optimizer.learning_rate=0.05&steps=20", SMOOTH),
    ("landscape=wall_and_floor&optimizer.learning_rate=0.2&clip.threshold=0.3", CHAOTIC),
]


def compare(ours: list[str], theirs: torch.Tensor) -> float:
    """Largest difference over the largest magnitude; Inf and NaN must be in the same places."""
    here = torch.tensor([float(text) for text in ours], dtype=torch.float64)
    finite = theirs.isfinite()
    assert torch.equal(here[~finite].nan_to_num(7.0), theirs[~finite].nan_to_num(7.0))
    scale = theirs[finite].abs().max().clamp_min(1e-300)
    return float((here[finite] - theirs[finite]).abs().max() / scale)


@pytest.mark.parametrize(("query", "tolerance"), SCENES)
def test_the_browser_agrees_with_pytorch(visit: Visit, query: str, tolerance: float) -> None:
    visitor = visit(f"?{query}")
    found = visitor.page.evaluate(FOLLOW)
    wanted = expected.trajectories(query)
    assert set(found) == set(wanted)
    for run, record in wanted.items():
        columns = dict(zip("xy", record.position.T, strict=True)) | record._asdict()
        errors = {name: compare(found[run][name], columns[name]) for name in COLUMNS}
        assert max(errors.values()) < tolerance, (run, errors)
        assert visitor.readout(run) == expected.readout(query, run, len(record.loss) - 1)
    assert visitor.verdicts() == expected.verdicts(query)


def test_the_readout_follows_every_step(long_visit: Visit) -> None:
    visitor = long_visit()
    visitor.page.locator("#first").click()
    for step in range(16):
        visitor.frames()
        assert visitor.step() == step
        for run in ("without", "with"):
            assert visitor.readout(run) == expected.readout("", run, step)
        visitor.page.keyboard.press("]")


def test_numbers_are_written_alike(long_visit: Visit) -> None:
    """The page's three significant digits and the command line's."""
    visitor: Visitor = long_visit()
    values = [0.0, 1.0, -2.5, 0.138, 9.4501, 0.09, 8.997e-4, 1e-3, 99_999.0, 100_000.0, 1.6e13, -2.7e187, 123456.0]
    values += [float("inf"), float("-inf"), float("nan"), 5e-324, 1.7976931348623157e308, 0.99949, 0.0009996, 2**60]
    ours = visitor.page.evaluate(
        """async (values) => {
          const { needModule } = await import(document.querySelector('script[type=module]').src);
          const { formatNumber } = needModule('state/numbers.js');
          return values.map((value) => formatNumber(Number(value)));
        }""",
        [str(value).replace("inf", "Infinity") for value in values],
    )
    assert ours == [format_number(float(value)) for value in values]
