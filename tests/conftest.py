"""Shared by all tests: one torch thread, and which tests share a process if they run in parallel.

One thread, as the server uses on two cores, so that sums are always added in the same order.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from cliffscape.landscapes.networks.compiled.cells import COMPILED

torch.set_num_threads(1)
# The host of Starlette's TestClient.
os.environ["CLIFFSCAPE_ALLOWED_HOSTS"] = "testserver"
# Not the user's own cache, neither here nor in servers that the tests start. Processes that run tests in parallel share
# that of the process that started them, so that a routine is compiled once.
CACHE = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    CACHE = tempfile.TemporaryDirectory(prefix="cliffscape-tests-", ignore_cleanup_errors=True)
    os.environ["CLIFFSCAPE_CACHE_FOLDER"] = CACHE.name
# What the tests expect is computed on a CPU, also on a machine with a GPU; tests of a GPU name it.
os.environ["CLIFFSCAPE_DEVICE"] = "cpu"
# Browsers of the tests run on the same machine, and are to compute what a classroom's do.
os.environ["CLIFFSCAPE_OUTCOME_MAPS"] = "browser"
LEFT_OUT = pytest.StashKey[int]()
BROWSER = Path(__file__).parent / "browser"
# The folders of about half of the browser tests, by time.
HALF = ("first_screen", "page", "relief", "step")
# Files that look at the same runs, tests/app/runs/verdict_scenes.py, which one process computes once.
VERDICTS = ("tests/app/runs/test_headlines.py", "tests/app/runs/test_verdicts_of_scenes.py")
VERDICTS += ("tests/static/state/test_verdict.py",)


@pytest.fixture(scope="module", autouse=True)
def compiled_cells() -> Iterator[None]:
    """An engine decides for its whole process whether nets are compiled; the next module begins as this one did.

    Steps in PyTorch round differently, and there the last bits of a run depend on how many are computed together.
    """
    load, found = COMPILED.load, dict(COMPILED._found)
    yield
    if COMPILED.load is not load:
        COMPILED.load, COMPILED._found = load, found


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--thorough`` runs the tests that are marked ``thorough`` too."""
    parser.addoption("--thorough", action="store_true", help="run also what repeats other tests with other entries")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come first, because they take longest: two processes run them while a third runs the rest."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)
    if not config.getoption("thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.stash[LEFT_OUT] = len(left_out)
        if hasattr(config, "workeroutput"):
            config.workeroutput["left_out"] = len(left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the number of tests that were left out from a process that runs tests in parallel; it is the same in all."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests were left out."""
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"Left out: {count} marked thorough. make test-thorough runs them too.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file in one process, and those of half the browser, which share a server and a browser.

    Browser tests wait for much of their time, so two of these processes and a third one keep two cores busy.
    """
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - only if tests run in parallel

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            if path in VERDICTS:
                return "verdicts"
            folders = path.split("/")
            return f"browser {folders[2] in HALF}" if folders[1] == BROWSER.name else path

    # In the order they were collected, not the largest file first.
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_unconfigure() -> None:
    """Delete the cache of compiled routines."""
    if CACHE is not None:
        CACHE.cleanup()
