"""Many people on landscapes of two parameters at once: how long each waits for what only the server can send.

    python benchmarks/serving/visitors.py [--people 30 300] [--seconds 60]

The server runs in a process of its own on 127.0.0.1, the people in this one. Everybody opens the page within the first
third of the time, and from then on chooses another sequence length every 5 to 15 seconds, with the outcome map on. Each
time the page asks for kernels and surfaces, and for the kernels of its outcome map; once it has computed the map up to
129 by 129 cells itself, it asks for the finer ones. A person who chooses the next length before a finer map is there
gives it up. Nothing is asked while somebody drags the start, the learning rate or the threshold, or plays the run.

Prints for each kind of request the answers, the median and the 95th percentile of the waits, those that were given up,
busy answers, and errors, and the share of a core that the server took. The floor is the opening page for one person.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from load import FrameHeaders, frames_request, percentile_95, processor_seconds, read_body, serve

# What a person asks for, in the order of the table.
OPENING, SURFACE, PICTURES, KERNELS, MAPS = KINDS = (
    "opening page",
    "surface 65 × 65",
    "all surfaces",
    "kernels of the map",
    "finer maps",
)
COLUMNS = ("people", "what", "answers", "median, s", "p95, s", "given up", "busy", "errors")
# Seconds that a person looks at a sequence length, and in which the workers of a page compute a map.
LOOKS, WORKERS = (5.0, 15.0), 0.5
PATIENCE = 60.0
# What gets the headers of frames.
See = Callable[[dict[str, Any]], None]


@dataclass
class Results:
    """Waits in seconds and counts of what went wrong, by kind of request."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


class Visitor:
    """Somebody with the page open, on another machine."""

    def __init__(self, port: int, name: str, results: Results) -> None:
        self.port, self.results, self.random = port, results, random.Random(name)
        self.client = f"{self.random.getrandbits(64):016x}"

    def choose(self) -> dict[str, Any]:
        """A Scene with another sequence length and learning rate, and the outcome map of the window."""
        length, rate = self.random.randint(2, 100), round(self.random.uniform(0.1, 1), 4)
        landscape = {"kind": "one_unit_rnn", "sequence_length": length}
        return {
            "landscape": landscape,
            "optimizer": {"kind": "gradient_descent", "learning_rate": rate},
            "map": "outcomes",
        }

    def request(self, scene: dict[str, Any], line: str, kinds: list[str], finer: dict[str, int]) -> bytes:
        """A request for frames."""
        content = {"scene": scene, "kinds": kinds, "finer_than": finer, "client": self.client, "line": line}
        return frames_request(self.port, content)

    async def ask(self, kind: str, request: bytes, see: See | None = None) -> None:
        """Send a request until the server is not busy, and wait for the end of its answer; ``see`` gets every frame."""
        began = time.monotonic()
        try:
            while (ended := await asyncio.wait_for(self.send(request, see), PATIENCE)) == "busy":
                self.results.counts[kind]["busy"] += 1
                await asyncio.sleep(self.random.uniform(0.5, 1.5))
        except asyncio.CancelledError:
            self.results.counts[kind]["given up"] += 1
            raise
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            ended = type(error).__name__
        if ended:
            self.results.counts[kind][ended] += 1
        else:
            self.results.waits[kind].append(time.monotonic() - began)

    async def send(self, request: bytes, see: See | None) -> str:
        """Send a request and read its answer; returns what is wrong with it, or nothing."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            status, frames = int(head.split(" ", 2)[1]), FrameHeaders()
            if status != 200:
                return "busy" if status == 503 else f"status {status}"
            async for part in read_body(reader, head):
                for header in frames.add(part) if see else ():
                    see(header)
                    if header["kind"] == "error":
                        return "error"
            return ""
        finally:
            writer.close()

    async def look(self, scene: dict[str, Any]) -> None:
        """Everything that the page asks for at a Scene with an outcome map, as it asks for it."""
        began = time.monotonic()
        seen: list[float] = []

        def see(header: dict[str, Any]) -> None:
            if header["kind"] == "surface" and header["columns"] >= 65 and not seen:
                seen.append(time.monotonic() - began)
                self.results.waits[SURFACE].append(seen[0])

        pictures = self.request(scene, "pictures", ["kernel", "curvature", "surface", "relief"], {})
        kernels = self.request(scene, "sweep_kernel", ["sweep_kernel"], {})
        await asyncio.gather(self.ask(PICTURES, pictures, see), self.ask(KERNELS, kernels))
        await asyncio.sleep(WORKERS)
        await self.ask(MAPS, self.request(scene, "outcomes", ["outcomes"], {"outcomes": 129}))

    async def visit(self, arrival: float, until: float) -> None:
        """Open the page after some seconds, and choose one Scene after the other until a time."""
        await asyncio.sleep(arrival)
        page = f"GET /?map=outcomes HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n\r\n"
        await self.ask(OPENING, page.encode())
        while time.monotonic() < until:
            looking = asyncio.create_task(self.look(self.choose()))
            await asyncio.wait([looking], timeout=self.random.uniform(*LOOKS))
            rest = max(0.0, min(LOOKS[0], until - time.monotonic()))
            if looking.done():
                await looking
                await asyncio.sleep(self.random.uniform(0, rest))
            else:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)


async def visit_together(port: int, people: int, seconds: float) -> Results:
    """The results of some people who use the page for some seconds."""
    results, until = Results(), time.monotonic() + seconds
    visitors = [Visitor(port, f"{number} of {people}", results) for number in range(people)]
    await asyncio.gather(*(one.visit(one.random.uniform(0, seconds / 3), until) for one in visitors))
    return results


def rows(people: int, results: Results) -> list[str]:
    """A row for each kind of request."""
    found = []
    for kind in KINDS:
        waits, counts = results.waits[kind] or [float("nan")], results.counts[kind]
        left, busy = counts.pop("given up", 0), counts.pop("busy", 0)
        errors = ", ".join(f"{count} {name}" for name, count in counts.items()) or "0"
        times = f"{statistics.median(waits):.2f} | {percentile_95(waits):.2f}"
        found.append(f"| {people} | {kind} | {len(results.waits[kind])} | {times} | {left} | {busy} | {errors} |")
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[30, 300])
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with serve() as (port, process):
        # The server prepares its opening page meanwhile, and compiles routines.
        asyncio.run(visit_together(port, 1, 10))
        alone = asyncio.run(visit_together(port, 1, 0.5))
        print(f"floor: {1000 * alone.waits[OPENING][0]:.0f} ms for the opening page, one person\n")
        print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
        for people in options.people:
            began, before = time.monotonic(), processor_seconds(process)
            results = asyncio.run(visit_together(port, people, options.seconds))
            share = (processor_seconds(process) - before) / (time.monotonic() - began)
            print("\n".join(rows(people, results)), flush=True)
            print(f"\n{people} people: the server took {share:.2f} cores\n", flush=True)


if __name__ == "__main__":
    main()
