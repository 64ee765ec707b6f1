"""Ticks: labels have a typographic minus, and there are none where the labels of two axes would meet."""

import itertools
import json
import subprocess
from pathlib import Path

import pytest

from tests import node

PROGRAM = """
import { innerTicks } from "./js/views/canvas/ticks.js";
const [low, high] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(innerTicks("b", low, high).ticks.map(({ label }) => label)));
"""


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-3, -1.3, ["−2.5", "−2", "−1.5"]),
        (3.5, 5.7, ["4", "4.5", "5", "5.5"]),
        (-2, 2, ["−1", "0", "1"]),
        (0, 3, ["1", "2"]),
        # Of -5, 0 and 5 only one is not at an end.
        (-5.12, 5.12, ["−4", "−2", "0", "2", "4"]),
    ],
)
def test_a_reliefs_ticks_keep_away_from_its_corners(low: float, high: float, labels: list[str], scripts: Path) -> None:
    (scripts / "ticks.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "ticks.js"), json.dumps([low, high])]
    assert json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout) == labels


LABELS = """
import { labelledTicks } from "./js/views/canvas/ticks.js";
const [low, high] = JSON.parse(process.argv[2]);
const { title, ticks } = labelledTicks("w", low, high, 5);
console.log(JSON.stringify([title, ticks.map(({ label }) => label), ticks.map(({ value }) => value)]));
"""
LOSSES = """
import { sharesOf } from "./js/views/canvas/value_scale.js";
import { lossTicks } from "./js/views/map/loss_ticks.js";
const [low, high, scale] = JSON.parse(process.argv[2]);
const losses = Float64Array.from({ length: 1000 }, (_, k) => (low === null ? NaN : low + (high - low) * (k / 999)));
const found = sharesOf(losses, scale);
const { title, ticks } = lossTicks(found, 0, 1);
console.log(JSON.stringify([title, ticks.map(({ label }) => label), ticks.map(({ value }) => found.share(value))]));
"""


def answer(scripts: Path, program: str, *given: object) -> tuple[str, list[str], list[float]]:
    """What a program prints: a title, labels and places."""
    (scripts / "ticks.js").write_text(program, encoding="utf-8")
    command = [node.executable(), str(scripts / "ticks.js"), json.dumps(given)]
    title, labels, places = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return title, labels, places


@pytest.mark.parametrize(
    ("low", "high", "title", "labels"),
    [
        (-3, -1.3, "w", ["−3", "−2.5", "−2", "−1.5"]),
        (1000, 1001, "w − 1000.5", ["−0.4", "−0.2", "0", "0.2", "0.4"]),
        (-1001, -1000, "w + 1000.5", ["−0.4", "−0.2", "0", "0.2", "0.4"]),
        (1e5, 2e5, "w · 10⁻⁵", ["1", "1.2", "1.4", "1.6", "1.8", "2"]),
        (-1e6, 1e6, "w · 10⁻⁶", ["−1", "−0.5", "0", "0.5", "1"]),
        (4.2, 4.2 + 1e-8, "(w − 4.200000005) · 10⁹", ["−4", "−2", "0", "2", "4"]),
        (-1e-7, 1e-7, "w", ["−1e−7", "−5e−8", "0", "5e−8", "1e−7"]),
    ],
)
def test_labels_fit_next_to_the_axis(low: float, high: float, title: str, labels: list[str], scripts: Path) -> None:
    said, found, values = answer(scripts, LABELS, low, high)
    assert (said, found) == (title, labels)
    room = 1e-9 * (high - low)
    assert all(low - room <= value <= high + room for value in values)
    assert max(len(label.replace("−", "")) for label in found) <= 5


@pytest.mark.parametrize(("low", "high"), [(0.0, 10.0**power) for power in (-60, -13, -3, 0, 5, 12, 50, 200, 308)])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_losses_have_a_few_labels_that_differ(low: float, high: float, scale: str, scripts: Path) -> None:
    _, labels, places = answer(scripts, LOSSES, low, high, scale)
    assert 3 <= len(labels) <= 8 and len(set(labels)) == len(labels)
    gaps = [right - left for left, right in itertools.pairwise(sorted(places))]
    assert min(gaps) > 0.01, "no two on top of each other"


@pytest.mark.parametrize(("low", "high"), [(1e161, 1e306), (1e20, 1e40), (-1e306, -1e161), (5.0, 5e6)])
def test_large_losses_have_powers_of_ten(low: float, high: float, scripts: Path) -> None:
    """The lowest loss may be far from zero."""
    title, labels, places = answer(scripts, LOSSES, low, high, "log")
    assert title == "loss, log scale"
    assert 3 <= len(labels) <= 6 and all("10" in label for label in labels)
    assert all(-0.01 < place < 1.01 for place in places)


@pytest.mark.parametrize(("high", "logarithmic"), [(1e-13, False), (1e-5, False), (0.1, True), (100.0, True)])
def test_a_log_scale_is_named_only_where_it_is_not_linear(high: float, logarithmic: bool, scripts: Path) -> None:
    assert ("log scale" in answer(scripts, LOSSES, 0.0, high, "log")[0]) == logarithmic


def test_an_axis_beyond_float64_has_labels(scripts: Path) -> None:
    """The relief's axis goes on above the highest loss."""
    program = LOSSES.replace("lossTicks(found, 0, 1)", "lossTicks(found, -0.02, 1.04)")
    _, labels, _ = answer(scripts, program, 0.0, 1.7e308, "log")
    assert len(labels) >= 4 and labels[0] == "0"


@pytest.mark.parametrize(("low", "high", "title"), [(0.09, 0.09, "loss, flat"), (None, None, "loss: NaN")])
def test_a_relief_without_a_range_says_so(low: object, high: object, title: str, scripts: Path) -> None:
    assert answer(scripts, LOSSES, low, high, "log")[0] == title
