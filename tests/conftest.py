"""Shared by all tests: one torch thread, and who runs beside whom where tests run on two cores at once.

One thread as the server has where cores are few, so that sums are added in one order.
"""

from pathlib import Path
from typing import Any

import pytest
import torch

torch.set_num_threads(1)
BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: they take longest, and one process runs all of them while another runs the rest."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All browser tests share a server and a browser; the tests of another file share what the file prepares."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - only where tests are dealt out

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]

    # In the order they were collected, not the largest file first.
    config.option.loadscopereorder = False
    return ByFile(config, log)
