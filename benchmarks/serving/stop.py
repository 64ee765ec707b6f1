"""How long `cliffscape serve` takes to end, idle and in the middle of a stream.

    python benchmarks/serving/stop.py [--repeat 5]

Every row starts a server on 127.0.0.1 of its own each time, and sends it a signal: SIGTERM, or SIGINT as Ctrl-C does.
The bound is one second. The floor is a Python process that loads nothing and ends at once. Prints the median and the
slowest of the repetitions, and the exit statuses.
"""

import argparse
import re
import signal
import socket
import statistics
import subprocess
import sys
import time

from load import SERVE, frames_request

# A map that takes a minute.
SCENE = {"map": "outcomes", "steps": 1000, "landscape": {"kind": "one_unit_rnn", "sequence_length": 100}}
IDLE = [sys.executable, "-S", "-c", "import time; print(flush=True); time.sleep(60)"]


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[float, int]:
    """The seconds from a signal to the end of a process, and its exit status."""
    began = time.perf_counter()
    process.send_signal(number)
    status = process.wait(30)
    return time.perf_counter() - began, status


def end_server(number: signal.Signals, streaming: bool) -> tuple[float, int]:
    """The same for a server, which may be in the middle of a stream."""
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found is not None
        port = int(found[1])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            if streaming:
                connection.sendall(frames_request(port, {"scene": SCENE, "kinds": ["outcomes"]}))
                # The head of the answer, and its first frame.
                while not connection.recv(1 << 20).endswith(b"\r\n"):
                    pass
            else:
                time.sleep(1)
            return end(process, number)


def end_floor() -> tuple[float, int]:
    """The same for a process that does nothing."""
    with subprocess.Popen(IDLE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        return end(process, signal.SIGTERM)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    print("| what | median, ms | slowest, ms | exit status |\n|---|---|---|---|")
    rows = [
        (f"{number.name}, {'in the middle of a stream' if streaming else 'idle'}", number, streaming)
        for number in (signal.SIGTERM, signal.SIGINT)
        for streaming in (False, True)
    ]
    for label, number, streaming in rows:
        print_row(label, [end_server(number, streaming) for _ in range(repeat)])
    print_row("floor: a process that does nothing", [end_floor() for _ in range(repeat)])


def print_row(label: str, ends: list[tuple[float, int]]) -> None:
    """Print a row."""
    times, statuses = zip(*ends, strict=True)
    shown = ", ".join(map(str, sorted(set(statuses))))
    print(f"| {label} | {1000 * statistics.median(times):.0f} | {1000 * max(times):.0f} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
