"""Frames of two engines compared, and waiting for what other processes do."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import numpy as np

from cliffscape.app.compute.encoding import Frame, decode
from cliffscape.app.frames.division.training_curves import COLUMNS
from cliffscape.app.frames.plan import PlannedFrame


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition, or fail."""
    for _ in range(1000):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


def finest(parts: Sequence[PlannedFrame], count: int) -> list[PlannedFrame]:
    """The coarsest frames of each kind, ``count`` of them."""
    return [part for part in parts if sum(one.kind == part.kind for one in parts[: parts.index(part)]) < count]


def assert_same(found: Sequence[bytes], expected: Sequence[bytes]) -> None:
    """Compare frames, without previews and what depends on the time: predicted seconds, and updates per block."""
    parts = [[decode(data) for data in frames] for frames in (found, expected)]
    named: list[dict[str, Frame]] = [{one.key: one for one in part if one.kind != "progress"} for part in parts]
    assert named[0].keys() == named[1].keys()
    for key, one in named[0].items():
        other = named[1][key]
        timed = {"next", "pace", "token", "partial"}
        assert {k: v for k, v in one.fields.items() if k not in timed} == {
            k: v for k, v in other.fields.items() if k not in timed
        }
        names = COLUMNS if one.kind == "training" else other.arrays
        for name in names:
            np.testing.assert_array_equal(one.arrays[name], other.arrays[name], err_msg=f"{one.kind} {name}")
