"""Measurements: declared, and computed once for the same headless run."""

from pathlib import Path

import pytest

from cliffscape.app.lessons import measurements
from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.measure import measure
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS
from cliffscape.app.scene.links import from_query


def test_a_measurement_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    headless = HeadlessRun(from_query({"landscape": "himmelblau"}))
    first = measure(headless, "loss_at", {"x": 1.0, "y": 2.0})
    monkeypatch.setattr(headless, "value_and_gradient", None)
    assert measure(headless, "loss_at", {"y": 2.0, "x": 1.0}) == first == 68


def test_every_measurement_is_declared_with_a_sentence() -> None:
    for entry in MEASUREMENTS:
        assert entry.documentation.summary.endswith(".")
        assert all(parameter.sentence for parameter in entry.parameters)


def test_every_module_declares_measurements() -> None:
    homes = {entry.function.__module__ for entry in MEASUREMENTS}
    files = {path.stem for path in Path(*measurements.__path__).glob("*.py")} - {"__init__", "registry", "measure"}
    assert homes == {f"{measurements.__name__}.{name}" for name in files}
