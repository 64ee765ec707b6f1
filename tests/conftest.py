"""Shared by all tests: one torch thread, and who runs beside whom where tests run on two cores at once.

One thread as the server has where cores are few, so that sums are added in one order.
"""

from pathlib import Path

import pytest
import torch

torch.set_num_threads(1)
BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share a server and a browser; the tests of another file share what the file prepares.

    First, because the plugin that deals the tests out looks for the groups in the same hook.
    """
    for item in items:
        group = "browser" if BROWSER in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
