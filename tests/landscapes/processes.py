"""Processes: whether one still runs. They are looked up in /proc, which only Linux has."""

from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(),
    reason="processes and what they use are looked up in /proc, and this system has none",
)


def is_running(process: int) -> bool:
    """Whether a process runs; one that has ended may still wait for its parent."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
