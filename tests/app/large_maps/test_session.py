"""A large map in a terminal: Ctrl-C, a second Ctrl-C, and a process that ends early; the same command continues."""

import io
import os
import signal
import time
from pathlib import Path

import pytest

from cliffscape.app.blocks.kept_blocks import Arrays
from cliffscape.app.blocks.pool import PoolError, SerialPool
from cliffscape.app.blocks.work import Stop
from cliffscape.app.large_maps.cell_block import CellBlock, compute_block
from cliffscape.app.large_maps.session import compute_map
from cliffscape.app.terminal import interruption_ends_process
from tests.app.large_maps.small_maps import SADDLE, layout_of, small, write_map

__all__ = ["small"]


@pytest.mark.usefixtures("small")
def test_an_interruption_says_how_to_continue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout, out, computed = layout_of(SADDLE), tmp_path / "map.npz", list[str]()
    now = time.monotonic

    def interrupted(block: CellBlock) -> Arrays:
        computed.append(block.name)
        if len(computed) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        if len(computed) == 4:
            # Pressed again, later than a second.
            os.kill(os.getpid(), signal.SIGINT)
            monkeypatch.setattr(time, "monotonic", lambda: now() + 5)
            os.kill(os.getpid(), signal.SIGINT)
        if len(computed) == 5:
            raise PoolError("a process ended")
        return compute_block(block)

    def attempt() -> Stop | None:
        return compute_map(layout, out, lambda: SerialPool(interrupted), io.StringIO())

    again = f"the same command continues with the blocks in {out}.blocks"
    usual = signal.getsignal(signal.SIGINT)
    assert attempt() == (f"stopped in the phase 'outcomes'; {again}", True)
    assert attempt() == (f"stopped at once; {again}", True)
    assert attempt() == (f"a process ended; {again}, and --processes takes fewer of them", False)
    assert signal.getsignal(signal.SIGINT) is usual
    assert attempt() is None
    # The blocks that were not kept are computed again.
    assert computed[2:6] == [computed[2], computed[3], computed[3], computed[3]]
    write_map(layout, tmp_path / "whole.npz")
    assert out.read_bytes() == (tmp_path / "whole.npz").read_bytes()


def test_while_modules_load_ctrl_c_ends_the_process() -> None:
    usual = signal.getsignal(signal.SIGINT)
    try:
        for handler, meanwhile in (
            (signal.default_int_handler, signal.SIG_DFL),
            (signal.SIG_IGN, signal.SIG_IGN),
        ):
            signal.signal(signal.SIGINT, handler)
            with interruption_ends_process():
                assert signal.getsignal(signal.SIGINT) is meanwhile
            assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, usual)
