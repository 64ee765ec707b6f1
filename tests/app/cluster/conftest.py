"""Every test of the cluster compares with a process that compiles as little as its actors do."""

import pytest

from cliffscape.landscapes.networks.compiled.cells import COMPILED, no_library


@pytest.fixture(autouse=True)
def nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if another test of this process has compiled a cell: its steps round differently from PyTorch's."""
    monkeypatch.setattr(COMPILED, "_found", {})
    monkeypatch.setattr(COMPILED, "load", no_library)
