"""Node: run emitted JavaScript modules, all in one process, with binary numbers so that NaN and Inf survive."""

import atexit
import functools
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from playwright._impl._driver import compute_driver_executable
from torch import Tensor

from cliffscape.landscapes.backends.javascript import block
from cliffscape.landscapes.tracing.program import Program, Scalar
from tests.source.files import ROOT

RECORD = ("x", "y", "loss", "gradient_norm", "clip_factor", "step_length")
COLUMNS = (*RECORD, "gradient_x", "gradient_y", "raw_x", "raw_y", "clipped_x", "clipped_y", "memory")
# It imports nothing, so Node loads a copy of it as a module.
VECTOR_KERNEL = ROOT / "static/js/api/maps/vector_kernel.js"
# Every line of the standard input names a folder with jobs, and is answered by one that is empty or an error.
RUNNER = """
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
let withVectors = null;
async function run(folder) {
  withVectors ??= (await import(`${folder}/vector_kernel.mjs`)).withVectors;
  const jobs = JSON.parse(readFileSync(`${folder}/jobs.json`, "utf8"));
  const bytes = readFileSync(`${folder}/input.bin`);
  const given = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const results = [];
  let at = 0;
  const take = (count) => given.subarray(at, (at += count));
  for (const job of jobs) {
    const module = await import(`${folder}/${job.module}`);
    const { [job.name]: called, together } = job.vectors ? await withVectors(module) : module;
    const parameters = take(job.parameters);
    if (job.columns) {
      const trajectory = Object.fromEntries(job.columns.map((column) => [column, new Float64Array(job.steps + 1)]));
      called(parameters, take(2), job.steps, trajectory);
      results.push(...job.columns.map((column) => trajectory[column]));
    } else if (job.runs) {
      const width = parameters.length / job.runs;
      const own = Array.from({ length: job.runs }, (_, k) => parameters.subarray(k * width, (k + 1) * width));
      const starts = Array.from(own, () => take(2));
      // A call computes several runs.
      for (let first = 0; first < job.runs; first += together) {
        const group = Array.from({ length: together }, (_, k) => (first + k < job.runs ? first + k : first));
        const found = called(group.map((k) => own[k]), group.map((k) => starts[k]), job.steps);
        const count = Math.min(together, job.runs - first) * job.results;
        results.push(Float64Array.from(found.slice(0, count).map(Number)));
      }
    } else {
      for (let row = 0; row < job.rows; row++) {
        results.push(Float64Array.from([called(parameters, ...take(job.arguments))].flat().map(Number)));
      }
    }
  }
  writeFileSync(`${folder}/output.bin`, Buffer.concat(results.map((r) => Buffer.from(r.buffer))));
}
for await (const folder of createInterface({ input: process.stdin })) {
  const fault = await run(folder).then(() => "", (error) => error.stack);
  console.log(JSON.stringify(fault));
}
"""


@dataclass(frozen=True)
class Descent:
    """A call of a kernel's ``descend``; the result has one row per step and one column per name."""

    source: str
    parameters: Sequence[float]
    start: Sequence[float]
    steps: int
    columns: tuple[str, ...] = COLUMNS

    def job(self) -> dict[str, object]:
        """The description of the job for the runner."""
        sizes = {"parameters": len(self.parameters), "steps": self.steps}
        return {"name": "descend", "columns": self.columns, **sizes}

    def numbers(self) -> Sequence[float]:
        """The numbers that the runner reads."""
        return [*self.parameters, *self.start]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as they are written."""
        return len(self.columns), self.steps + 1


@dataclass(frozen=True)
class Call:
    """Calls of the exported function ``name``, once for every row of arguments ``(N, K)``; one row of results each."""

    source: str
    name: str
    rows: Tensor
    results: int = 1
    parameters: Sequence[float] = ()

    def job(self) -> dict[str, object]:
        """The description of the job for the runner."""
        rows, arguments = self.rows.shape
        return {"name": self.name, "parameters": len(self.parameters), "rows": rows, "arguments": arguments}

    def numbers(self) -> Sequence[float]:
        """The numbers that the runner reads."""
        return [*self.parameters, *self.rows.flatten().tolist()]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as they are written."""
        return len(self.rows), self.results


@dataclass(frozen=True)
class SweepRuns:
    """Runs of the kernel of a sweep, with parameters ``(N, P)`` and starts ``(N, 2)``; one row of results each."""

    source: str
    parameters: Tensor
    starts: Tensor
    steps: int
    vectors: bool = False  # whether they are those in WebAssembly
    results: int = 5

    def job(self) -> dict[str, object]:
        """The description of the job for the runner."""
        sizes = {"runs": len(self.starts), "parameters": self.parameters.numel(), "steps": self.steps}
        return {"name": "run", "vectors": self.vectors, "results": self.results, **sizes}

    def numbers(self) -> Sequence[float]:
        """The numbers that the runner reads."""
        return [*self.parameters.flatten().tolist(), *self.starts.flatten().tolist()]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as they are written."""
        return len(self.starts), self.results


@functools.cache
def executable() -> str:
    """Path of Node: the machine's, else the one that comes with Playwright."""
    found = shutil.which("node")
    if found:
        return found
    return str(compute_driver_executable()[0])


@functools.cache
def process() -> subprocess.Popen[str]:
    """The Node process of all calls of ``run``. It ends with this process, which closes its standard input."""
    started = subprocess.Popen(
        [executable(), "--input-type=module", "-e", RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(started.communicate)
    return started


def compute(folder: Path) -> None:
    """Run the jobs of a folder."""
    stdin, stdout = process().stdin, process().stdout
    assert stdin is not None and stdout is not None
    print(folder, file=stdin, flush=True)
    fault = json.loads(stdout.readline())
    if fault:
        raise RuntimeError(fault)


def run(jobs: Sequence[Descent | Call | SweepRuns]) -> list[Tensor]:
    """Results of ``jobs``, in order, computed by Node."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copy(VECTOR_KERNEL, place / "vector_kernel.mjs")
        files: dict[str, str] = {}
        for job in jobs:
            files.setdefault(job.source, f"module{len(files)}.mjs")
        for source, name in files.items():
            (place / name).write_text(source, encoding="utf-8")
        listed = [{"module": files[job.source], **job.job()} for job in jobs]
        (place / "jobs.json").write_text(json.dumps(listed), encoding="utf-8")
        np.array([number for job in jobs for number in job.numbers()], dtype=np.float64).tofile(place / "input.bin")
        compute(place)
        flat = np.fromfile(place / "output.bin", dtype=np.float64)
    results, at = [], 0
    for job in jobs:
        rows, columns = job.shape
        results.append(torch.from_numpy(flat[at : at + rows * columns].reshape(rows, columns).copy()))
        at += rows * columns
    assert at == len(flat), f"Node wrote {len(flat)} numbers, {at} were expected"
    return results


def function(program: Program, outputs: Sequence[Scalar], inputs: Sequence[str]) -> str:
    """A module that exports ``f(parameters, ...inputs)``, which returns the list of ``outputs``."""
    inner = block(program, {f"output_{k}": scalar for k, scalar in enumerate(outputs)}, carried=inputs)
    lines = [*inner.invariant, *inner.varying, f"return [{', '.join(inner.outputs.values())}];"]
    head = f"export function f(parameters, {', '.join(inputs)}) {{"
    return "\n".join([*inner.library, head, *lines, "}", ""])
