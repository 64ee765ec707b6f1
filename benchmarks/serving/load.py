"""Many people drag the start of the default recurrent network at once: how long each waits for both runs.

    python benchmarks/serving/load.py [--people 20 30 60 100 150] [--seconds 20]

The server runs in a process of its own on 127.0.0.1, the people in this one. Each sends a request for its pair of runs
when all steps of the last one are there, but not sooner than 100 ms after it. A busy server is asked again after a
pause, and the wait goes on. Prints the median and the 95th percentile of the waits, answers per second, the server's
processor time per answer, busy answers, and errors. The floor is the same descents as one batch on one core. On a
machine with other load, compare the waits with the floor and the processor times with each other.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from cliffscape.app.compute.cores import Cores
from cliffscape.app.runs.network import View, build_view
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.generators import run_to_end

SERVE = [sys.executable, "-m", "cliffscape.app.cli", "serve", "--port", "0", "--device", "cpu"]
NETWORK = {"landscape": {"kind": "recurrent_network"}}
LANES = (2, 8, 32, 128)
STEPS = Scene.model_validate(NETWORK).steps
# Seconds: the least time between two requests of one person, and the timeout of every request, busy answers included.
INTERVAL, PATIENCE = 0.1, 60.0


@contextmanager
def serve() -> Iterator[tuple[int, int]]:
    """A server's port and process id."""
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found is not None
        try:
            yield int(found[1]), process.pid
        finally:
            process.terminate()


def percentile_95(values: list[float]) -> float:
    """The value that 95 % of ``values`` do not exceed."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


@dataclass
class Results:
    """Waits in seconds, and counts of answers that are not a pair of runs."""

    waits: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


async def read_body(reader: asyncio.StreamReader, head: str) -> AsyncIterator[bytes]:
    """The parts of a response with a length, or in chunks."""
    length = re.search(r"content-length: (\d+)", head)
    if length is not None:
        yield await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)


def frames_request(port: int, content: Mapping[str, Any]) -> bytes:
    """A request for frames."""
    body = json.dumps(content).encode()
    head = f"POST /frames HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


class FrameHeaders:
    """Reads the headers of frames from the parts of a body, and drops what is between them."""

    def __init__(self) -> None:
        self.kept, self.needed = bytearray(), 8

    def add(self, part: bytes) -> Iterator[dict[str, Any]]:
        """The headers of the frames that are complete with this part."""
        self.kept += part
        while len(self.kept) >= self.needed:
            end = 8 + int.from_bytes(self.kept[4:8], "little")
            if len(self.kept) >= end:
                header = json.loads(self.kept[8:end])
                end += int(header["length"])
            if len(self.kept) < end:
                self.needed = end
                return
            del self.kept[:end]
            self.needed = 8
            yield header


async def read_answer(reader: asyncio.StreamReader) -> str:
    """How a request ended: a pair whose steps are all there, busy, or what came instead."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    status, frames, kind = int(head.split(" ", 2)[1]), FrameHeaders(), "nothing"
    if status != 200:
        return "busy" if status == 503 else f"status {status}"
    async for part in read_body(reader, head):
        for header in frames.add(part):
            kind = str(header["kind"])
            if kind == "pair" and header["steps"] == STEPS:
                return "pair"
    return kind


class Person:
    """Somebody who drags the start to and fro."""

    def __init__(self, port: int, name: str, results: Results) -> None:
        # Every person of every row of the table has a walk of their own, so that no answer is in a cache.
        self.port, self.results, self.random = port, results, random.Random(name)
        self.sender = {"client": f"{self.random.getrandbits(64):016x}", "line": "descents"}
        window = Scene.model_validate(NETWORK).resolved_window
        self.box = ((window.left, window.right), (window.bottom, window.top))
        self.place = [self.random.uniform(*side) for side in self.box]

    def move(self) -> None:
        """Drag the start by some pixels, and stay in the window."""
        for axis, (low, high) in enumerate(self.box):
            moved = self.place[axis] + self.random.gauss(0, 0.02) * (high - low)
            self.place[axis] = min(high, max(low, moved))

    def request(self) -> bytes:
        """The request for the pair of runs from the current place."""
        scene = {**NETWORK, "start": self.place}
        return frames_request(self.port, {"scene": scene, "kinds": ["pair"], **self.sender})

    async def ask(self) -> str:
        """Send a request until the server is not busy; returns how it ended.

        As on the page, the rest of an answer is given up once all steps are there, since the next request is different.
        """
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(self.request())
                ended = await read_answer(reader)
            finally:
                writer.close()
            if ended != "busy":
                return ended
            self.results.counts["busy"] += 1
            await asyncio.sleep(self.random.uniform(0.5, 1.5))

    async def drag(self, until: float) -> None:
        """Drag until a time; the last answer is awaited."""
        await asyncio.sleep(self.random.uniform(0, INTERVAL))
        while (began := time.monotonic()) < until:
            self.move()
            try:
                ended = await asyncio.wait_for(self.ask(), PATIENCE)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                ended = type(error).__name__
            wait = time.monotonic() - began
            if ended == "pair":
                self.results.waits.append(wait)
            else:
                self.results.counts[ended] += 1
            await asyncio.sleep(max(0.0, INTERVAL - wait))


async def drag_together(port: int, people: int, seconds: float) -> Results:
    """The results of some people who drag for some seconds."""
    results = Results()
    until = time.monotonic() + seconds
    await asyncio.gather(*(Person(port, f"{number} of {people}", results).drag(until) for number in range(people)))
    return results


def gradient_seconds(view: View, lanes: int, cores: Cores) -> float:
    """Seconds of the gradients of some lanes in one call, after a first call that is not counted."""
    points, times = torch.rand(lanes, 2, dtype=torch.float64), []
    for _ in range(6):
        began = time.perf_counter()
        cores.map_lanes(view.value_and_gradient, points, view.fewest_lanes)
        times.append(time.perf_counter() - began)
    return min(times[1:])


def print_lane_costs(view: View) -> None:
    """Print what one step of a batch costs per lane, on one core and on two."""
    print("| lanes | one thread, µs per lane | two threads, µs per lane |\n|---|---|---|")
    for lanes in LANES:
        one, two = (1e6 * gradient_seconds(view, lanes, Cores(count)) / lanes for count in (1, 2))
        print(f"| {lanes} | {one:.0f} | {two:.0f} |")
    print()


def processor_seconds(process: int) -> float:
    """Seconds of processor time that a process has taken; NaN where the system does not list them in /proc."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(people: int, seconds: float, processor: float, results: Results, floor: float) -> str:
    """A row of the table."""
    waits = results.waits or [float("nan")]
    busy = results.counts.pop("busy", 0)
    errors = ", ".join(f"{count} {name}" for name, count in results.counts.items()) or "0"
    times = f"{statistics.median(waits):.2f} | {percentile_95(waits):.2f} | {len(waits) / seconds:.1f}"
    return f"| {people} | {times} | {1000 * processor / len(waits):.0f} | {busy} | {errors} | {floor:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[20, 30, 60, 100, 150])
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    torch.set_num_threads(1)
    view, steps = run_to_end(build_view(Scene.model_validate(NETWORK))), STEPS + 1
    print_lane_costs(view)
    print("| people | median, s | p95, s | answers per s | core, ms per answer | busy | errors | floor, s |")
    print("|---|---|---|---|---|---|---|---|")
    with serve() as (port, process):
        # The first requests build the network and its slice, and the server prepares its opening page meanwhile.
        asyncio.run(drag_together(port, 1, 5))
        for people in options.people:
            floor = steps * gradient_seconds(view, 2 * people, Cores(1))
            began, before = time.monotonic(), processor_seconds(process)
            results = asyncio.run(drag_together(port, people, options.seconds))
            processor = processor_seconds(process) - before
            print(row(people, time.monotonic() - began, processor, results, floor), flush=True)


if __name__ == "__main__":
    main()
