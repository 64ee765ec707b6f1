"""Quantiles and medians in the browser: those of NumPy, whatever the order of the values."""

import json
import subprocess
from pathlib import Path

import numpy as np

from tests import node
from tests.landscapes.advice.logs import noisy

PROGRAM = """
import { readFileSync } from "node:fs";
import { median, quantile, sorted, unsortedQuantile } from "./js/state/advice/quantile.js";
const { columns, shares } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(columns.map((column) => {
  const values = Float64Array.from(column, Number);
  const before = values.slice();
  const found = {
    median: String(median(values)),
    quantiles: shares.map((share) => String(quantile(sorted(values), share))),
    unsorted: shares.map((share) => String(unsortedQuantile(values, share))),
  };
  return { ...found, isUnchanged: values.every((value, k) => value === before[k]) };
})));
"""
SHARES = (0.0, 0.05, 0.5, 0.99, 1.0)


def test_quantiles_and_medians_are_those_of_numpy(scripts: Path) -> None:
    rng = np.random.default_rng(0)
    columns = [noisy(size) for size in range(1, 30)]
    columns += [noisy(1000), np.sort(noisy(999)), np.sort(noisy(998))[::-1], np.ones(500), np.arange(1000.0) % 7]
    columns += [rng.integers(0, 3, 301) * 1.0, np.append(noisy(300), np.arange(300.0))]
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = {"columns": [column.tolist() for column in columns], "shares": SHARES}
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    for column, found in zip(columns, json.loads(answer.stdout), strict=True):
        assert float(found["median"]) == np.median(column) and found["isUnchanged"]
        # The same formula with the same numbers: to the last bit.
        assert [*map(float, found["quantiles"])] == np.quantile(column, SHARES).tolist()
        assert found["unsorted"] == found["quantiles"]


def test_without_values_there_are_none_and_inf_is_a_value(scripts: Path) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = {"columns": [[], ["Infinity"] * 3 + [1], ["Infinity", 2, 1]], "shares": [0.5]}
    (scripts / "given.json").write_text(json.dumps(given), encoding="utf-8")
    command = [node.executable(), str(scripts / "program.js"), str(scripts / "given.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    empty, *others = json.loads(answer.stdout)
    assert empty == {"median": "NaN", "quantiles": ["NaN"], "unsorted": ["NaN"], "isUnchanged": True}
    assert [one["median"] for one in others] == ["Infinity", "2"]
