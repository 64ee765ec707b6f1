"""The registry: a measurement is a declared function, and a duplicate name is an error."""

from typing import Annotated

import pytest

from cliffscape.app.lessons.headless import HeadlessRun
from cliffscape.app.lessons.measurements.registry import MEASUREMENTS, measurement
from cliffscape.landscapes.declare import Range


def test_a_measurement_is_registered_with_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MEASUREMENTS, "entries", {})

    def twice(headless: HeadlessRun, number: Annotated[float, Range(0, 5)] = 1.0) -> float:
        """Twice a number.

        Args:
            number: The number.
        """
        return 2 * number

    assert measurement()(twice) is twice
    [entry] = MEASUREMENTS
    assert (entry.kind, entry.parameters[0].range.high) == ("twice", 5)
    with pytest.raises(ValueError, match="declared twice"):
        measurement()(twice)
