"""The page advises as the command does: the same numbers and statements for logs of every kind."""

import json
import subprocess
from typing import Any

import numpy as np
import pytest

from cliffscape.app.advice.text_pictures import distribution
from cliffscape.app.web.your_run.clip_update import clip_update
from cliffscape.app.web.your_run.page import your_run
from cliffscape.landscapes.advice.advice import Advice, advise
from cliffscape.landscapes.advice.norm_log import NormLog, Place
from cliffscape.landscapes.advice.recommendation import Statement
from tests import node
from tests.landscapes.advice.logs import log_of, noisy
from tests.static.scripts import copy_scripts

PROGRAM = """
import { readFileSync } from "node:fs";
import { advise } from "./js/state/advice/advice.js";
import { distribution } from "./js/state/advice/distribution.js";
import * as zclip from "./zclip.js";
const { logs, tables } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const plain = (_, value) => {
  if (ArrayBuffer.isView(value)) return Array.from(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value ?? null;
};
const found = logs.map(({ place, columns }) => {
  const [steps, norms, losses, rates] = columns.map((column) => Float64Array.from(column, Number));
  const bars = distribution(norms).map(({ low, high, count }) => [low, high, count]);
  return { ...advise({ steps, norms, losses, rates, place }, tables, { zclip }), log: undefined, bars };
});
console.log(JSON.stringify(found, plain));
"""


def logs() -> list[tuple[NormLog, Place]]:
    """Logs with everything that advice looks at."""
    rng = np.random.default_rng(1)
    heavy = np.exp(1.5 * rng.standard_normal(700))
    lost = noisy(1000) * np.concatenate([np.linspace(2, 1, 500), np.full(500, 1.9)])
    learnt = noisy(1000) * np.linspace(2, 1, 1000)
    spiked = noisy(1000, 2.0)
    spiked[[300, 303, 600, 950]] = [50, 60, 30, 20]
    raised = learnt.copy()
    raised[304:380] += 1
    broken = spiked.copy()
    broken[[100, 700]] = [np.nan, np.inf]
    rates = np.concatenate([np.linspace(0, 1, 51), np.linspace(1, 0, 949)])
    steep = np.concatenate([np.linspace(100, 5, 60), noisy(940)])
    some = np.where(np.arange(1000) % 7 == 0, learnt, np.nan)
    # After each spike the loss is higher; after the second one it comes back for a while.
    stairs = np.repeat([1.0, 1.5, 2.0, 3.0], [301, 302, 349, 48])
    stairs[700:730] = 1.0
    stairs[::7] = stairs[650:690] = stairs[-1] = np.nan
    listed: list[tuple[NormLog, Place]] = [
        (log_of(spiked, lost), "before"),
        (log_of(spiked, learnt), "before"),
        (log_of(spiked, raised, rates), "unknown"),
        (log_of(broken, learnt), "before"),
        (log_of(spiked), "after"),
        (log_of(spiked, stairs), "before"),
        (log_of(steep, some), "before"),
        (log_of(noisy(1000) * np.geomspace(1, 1e-4, 1000), learnt), "before"),
        (log_of(np.concatenate([noisy(800), noisy(200, 1e6)])), "before"),
        (log_of(np.minimum(heavy, 1.0)), "unknown"),
        (log_of(heavy), "before"),
        (log_of(noisy(37), np.append(noisy(30), [np.inf] * 7)), "before"),
        *((log_of(norms), "before") for norms in ([], [1.0], [0.0] * 50, [np.nan] * 50, [np.inf] * 3, [2.0] * 40)),
    ]
    listed[1][0].steps[:] *= 10
    return listed


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The page's advice on each of them."""
    folder = copy_scripts(tmp_path_factory.mktemp("advice"))
    (folder / "zclip.js").write_text(clip_update("zclip"), encoding="utf-8")
    (folder / "advise.js").write_text(PROGRAM, encoding="utf-8")
    columns = [[log.steps, log.norms, log.losses, log.learning_rates] for log, _ in logs()]
    texts = [[[repr(float(value)) for value in column] for column in one] for one in columns]
    spelled = json.loads(json.dumps(texts).replace('"inf"', '"Infinity"').replace('"nan"', '"NaN"'))
    given = [{"place": place, "columns": one} for (_, place), one in zip(logs(), spelled, strict=True)]
    (folder / "given.json").write_text(json.dumps({"logs": given, "tables": your_run()}), encoding="utf-8")
    command = [node.executable(), str(folder / "advise.js"), str(folder / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def same(found: Any, expected: Any) -> None:
    """Compare numbers, which may be written as texts, to rounding."""
    np.testing.assert_allclose(np.array(found, dtype=np.float64), np.array(expected, dtype=np.float64), rtol=1e-9)


def same_statements(found: list[dict[str, Any]], expected: tuple[Statement, ...]) -> None:
    """Compare statements: the page names the sentence of spikes after which the loss was higher itself."""
    names = ["recovered_late" if one.name == "recovered" and one.values["raised"] else one.name for one in expected]
    assert [one["name"] for one in found] == names
    for one, wanted in zip(found, expected, strict=True):
        assert one["values"].keys() == wanted.values.keys()
        same([*one["values"].values()], [*wanted.values.values()])


def compare(found: dict[str, Any], advice: Advice) -> None:
    """Compare everything."""
    for one, replay in zip(found["replays"], advice.replays, strict=True):
        fields = ("records", "clipped", "kept", "largest", "largest_after")
        assert (one["kind"], one.get("undefined")) == (replay.kind, replay.undefined)
        same([one[name] for name in fields], [getattr(replay, name) for name in fields])
    assert found["warm"] == advice.warm_up._asdict()
    same(found["quantiles"], advice.quantiles)
    same(found["nonfinite"], advice.nonfinite)
    same([*found["book"].values()], advice.book)
    for name in ("trend", "ceiling"):
        assert (found[name] is None) == (getattr(advice, name) is None)
        same(found[name] or [], getattr(advice, name) or [])
    keys = ("first", "last", "step", "norm", "times", "before", "after", "raised")
    assert len(found["spikes"]) == len(advice.spikes)
    for one, spike in zip(found["spikes"], advice.spikes, strict=True):
        same([one[key] for key in keys], [*vars(spike).values()][:8])
        assert one["recovered"] == spike.recovered
    assert len(found["effects"]) == len(advice.effects)
    for one, effect in zip(found["effects"], advice.effects, strict=True):
        assert one["role"] == effect.role
        same([one["threshold"], one["clipped"], one["kept"]], [effect.threshold, effect.clipped, effect.kept])
    assert found["recommendation"]["kind"] == advice.recommendation.kind
    same(
        *(
            [*map(part, ("threshold", "low", "high"))]
            for part in (found["recommendation"].get, vars(advice.recommendation).get)
        )
    )
    same_statements(found["recommendation"]["reasons"], advice.recommendation.reasons)
    same_statements(found["recommendation"]["unknown"], advice.recommendation.unknown)


@pytest.mark.parametrize("number", range(len(logs())))
def test_the_page_advises_what_the_command_advises(number: int, answers: list[dict[str, Any]]) -> None:
    log, place = logs()[number]
    compare(answers[number], advise(log, place))
    bars = [row[:3] for row in distribution(log.norms)]
    assert len(answers[number]["bars"]) == len(bars)
    same(answers[number]["bars"], bars)


def test_all_kinds_of_recommendation_occur(answers: list[dict[str, Any]]) -> None:
    kinds = {one["recommendation"]["kind"] for one in answers}
    assert kinds == {"limit", "spikes", "safety_net", "keep", "none"}
