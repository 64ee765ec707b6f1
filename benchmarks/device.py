"""Everything that is checked and measured on a GPU, as one table with bounds.

    make bench-gpu, or python benchmarks/device.py
    python benchmarks/device.py --cells 8192        the file of a larger map

Runs the tests that use a GPU, compares results with those of the CPU, and times what the bounds are for: medians, after
a warm-up. The exit status is 1 if a result is wrong; a time over its bound is only marked. Takes about three minutes.
Without a GPU it says so, and how long machine code for one takes to compile. Where the package ray is installed, an
actor of a cluster computes on the GPU too.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import torch
from gpu.cluster import measure_cluster
from gpu.landscapes import measure_outcomes, measure_pytorch, measure_surface, recipe
from gpu.large_maps import measure_large_maps
from gpu.networks import measure_network
from gpu.own_models import measure_own_models
from gpu.table import Table

from cliffscape.app.compute.gpu.cuda import compile_cubin
from cliffscape.landscapes.backends.gpu.cuda_source import source

ROOT = Path(__file__).parent.parent
CELLS = 2049


def run_tests(table: Table) -> None:
    """The tests with a parameter ``cuda``, in one process of their own."""
    # The files' own conftest starts web servers, which these tests do not need.
    folders = ["app/compute/gpu", "app/frames/test_devices.py", "app/large_maps/test_cell_block.py"]
    folders += ["landscapes/devices", "landscapes/networks", "landscapes/backends/gpu"]
    command = [sys.executable, "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "-k", "cuda"]
    command += [f"tests/{folder}" for folder in folders]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    table.wrong += done.returncode != 0
    summary = done.stdout.strip().splitlines()[-1].strip("= ") if done.stdout.strip() else done.stderr[-500:]
    table.add("tests with a GPU", f"{time.perf_counter() - began:.0f} s", "", summary)
    if done.returncode:
        print(done.stdout[-6000:])


def compile_for_none() -> None:
    """How long the machine code for a GPU takes to compile, where there is none to run it."""
    print("no GPU here: nothing of this benchmark can run; PyTorch sees none")
    for kind in ("one_unit_rnn", "repeated_composition"):
        text = source(recipe(kind, "by_norm").routine())
        began = time.perf_counter()
        compile_cubin(text, "sm_90")
        print(f"a step of {kind} compiles for an H100 in {1000 * (time.perf_counter() - began):.0f} ms; it is not run")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cells", type=int, default=CELLS, help="cells per side of the large map")
    chosen = options.parse_args()
    if not torch.cuda.is_available():
        compile_for_none()
        return 0
    gpu, table = torch.device("cuda", 0), Table()
    # As in the server's process: one thread for the small tensors of a step.
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {torch.cuda.get_device_name()}, {time.strftime('%Y-%m-%d')}")
    measure_network(table, gpu)
    measure_outcomes(table, gpu)
    measure_surface(table, gpu)
    measure_pytorch(table, gpu)
    measure_own_models(table, gpu)
    measure_large_maps(table, chosen.cells)
    measure_cluster(table)
    run_tests(table)
    print(f"{table.wrong} wrong" if table.wrong else "all results are right")
    return int(table.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
