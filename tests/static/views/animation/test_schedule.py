"""Schedule of an animation: a constant rate, all steps of a short run, and few pictures of a long one."""

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import node

PROGRAM = """
import { RATE, scheduleOf, scheduleText, stepOf } from "./js/views/animation/schedule.js";
console.log(JSON.stringify(JSON.parse(process.argv[2]).map((steps) => {
  const schedule = scheduleOf(steps);
  const shown = Array.from({ length: schedule.pictures }, (_, k) => stepOf(schedule, k));
  return { ...schedule, rate: RATE, shown, text: scheduleText(schedule) };
})));
"""
MOST_PICTURES = 401


def schedules(scripts: Path, steps: list[int]) -> list[dict[str, Any]]:
    """The schedule of each number of steps, with the step of each picture."""
    (scripts / "schedule.js").write_text(PROGRAM, encoding="utf-8")
    command = [node.executable(), str(scripts / "schedule.js"), json.dumps(steps)]
    found: list[dict[str, Any]] = json.loads(
        subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    )
    return found


@pytest.mark.parametrize("steps", [1, 7, 60, 150])
def test_a_short_run_is_played_as_on_the_page_with_every_step(steps: int, scripts: Path) -> None:
    [found] = schedules(scripts, [steps])
    assert found["speed"] == 10 and found["rate"] == 20
    assert found["shown"] == [k / 2 for k in range(2 * steps + 1)]


def test_every_length_ends_at_its_last_step_with_a_few_hundred_pictures(scripts: Path) -> None:
    lengths = [0, 1, 151, 299, 751, 1000, 3001, 12_345, 100_000]
    for steps, found in zip(lengths, schedules(scripts, lengths), strict=True):
        shown = found["shown"]
        assert (shown[0], shown[-1]) == (0, steps)
        assert len(shown) == found["pictures"] <= MOST_PICTURES
        # A constant rate: all steps between two pictures are equal, but for a rest at the end.
        gaps = {round(b - a, 6) for a, b in itertools.pairwise(shown[:-1])}
        assert gaps <= {found["speed"] / found["rate"]}
        assert steps == 0 or shown[-2] < steps


def test_the_rule_is_said(scripts: Path) -> None:
    [short, long] = schedules(scripts, [60, 100_000])
    assert short["text"] == "60 steps, 10 per second: 121 frames, 7 seconds."
    assert long["text"] == "100000 steps, 5000 per second: 401 frames, 21 seconds."
