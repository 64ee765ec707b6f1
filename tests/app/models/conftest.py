"""A file with a model, as a user writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cliffscape.app.models.model_file import RUN
from cliffscape.landscapes.models.model_landscape import VIEWS

MODEL = """
import torch
from torch import nn


def build():
    torch.manual_seed(0)
    return nn.Linear(2, 1)


def batch():
    return torch.ones(3, 2), torch.zeros(3, 1)


batches = [batch(), batch()]


def loss(model, batch):
    inputs, targets = batch
    return (model(inputs) - targets).square().mean()


def broken():
    return 1 / 0
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, with ``my_model.py``."""
    (tmp_path / "my_model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    yield tmp_path
    RUN.clear()
    VIEWS.clear()
