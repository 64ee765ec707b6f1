"""Files of ``cliffscape sweep``: on the GPU, on all cores, and by an actor of Ray that has the GPU."""

import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gpu.table import Table

SCENE = "landscape=one_unit_rnn&steps=200"
# Cells per side of the file on the cores: a sixteenth of the other one's.
PART = 4


def write_map(out: Path, cells: int, *options: str) -> float:
    """Seconds of the command."""
    command = [sys.executable, "-m", "cliffscape.app.cli", "sweep", SCENE, "--cells", str(cells), "--out", str(out)]
    began = time.perf_counter()
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return time.perf_counter() - began


def shares(path: Path, name: str = "outcome_with") -> np.ndarray:
    """Shares of the outcomes of a file."""
    with np.load(path) as file:
        return np.bincount(file[name].ravel(), minlength=5) / file[name].size


def measure_large_maps(table: Table, side: int) -> None:
    """The file of a map with ``side`` cells per side, whole and smaller ones."""
    with tempfile.TemporaryDirectory() as folder:
        whole, small, other = (Path(folder) / f"{name}.npz" for name in ("whole", "small", "other"))
        seconds = write_map(whole, side, "--device", "cuda")
        size = whole.stat().st_size / 2**20
        table.time(f"cliffscape sweep, {side:,} x {side:,} cells, both runs, file of {size:,.0f} MiB", 1e3 * seconds)
        part = (side - 1) // PART + 1
        for name, path, options in (("GPU", small, ("--device", "cuda")), ("cores", other, ("--device", "cpu"))):
            table.time(f"{part:,} x {part:,} cells on the {name}", 1e3 * write_map(path, part, *options))
        found, known = shares(small), shares(other)
        table.check("difference of its shares from those of the cores", float(abs(found - known).max()), 0.01)
        if find_spec("ray") is None:
            table.add("without the package ray nothing is measured on a cluster", "", "", "")
            return
        other.unlink()
        seconds = write_map(other, part, "--device", "cuda", "--cluster", "local")
        table.time("the same file by an actor of Ray with the GPU", 1e3 * seconds)
        table.check("bytes that differ from the GPU's without Ray", float(small.read_bytes() != other.read_bytes()), 0)
