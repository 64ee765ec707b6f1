"""The promise of extension: a new entry is one decorated function, and a new lesson one file.

The entries are in tests/extending; nothing else knows them. A process of its own imports them before the application.
"""

import json
import subprocess
import sys
from typing import Any

import pytest
import torch

from tests.source.files import ROOT

KINDS = {"landscape": "trench", "optimizer": "saturating_descent", "schedule": "harmonic", "clip": "soft_norm"}


@pytest.fixture(scope="module")
def visit() -> dict[str, Any]:
    """What the application knows of the entries."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.extending.visit"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("family", "kind"), KINDS.items(), ids=KINDS.values())
def test_an_entry_is_in_the_catalogue(visit: dict[str, Any], family: str, kind: str) -> None:
    assert kind in visit["catalogue"][family]


def test_a_link_names_the_entries_and_their_parameters(visit: dict[str, Any]) -> None:
    for link in visit["links"]:
        assert link["written"] == link["read"]


def test_the_kernel_descends_as_pytorch_does(visit: dict[str, Any]) -> None:
    kernel, expected = (torch.tensor(visit["descents"][name], dtype=torch.float64) for name in ("kernel", "torch"))
    assert len(expected[0]) > 1
    torch.testing.assert_close(kernel, expected, rtol=1e-12, atol=1e-12)


def test_a_sweep_over_their_parameters_ends_where_single_runs_do(visit: dict[str, Any]) -> None:
    cells, alone = (torch.tensor(visit["sweep"][name], dtype=torch.float64) for name in ("cells", "alone"))
    assert len(set(alone.tolist())) == 4
    # Pictures are sent in float32.
    torch.testing.assert_close(cells, alone, rtol=1e-6, atol=0)


def test_a_lesson_opens(visit: dict[str, Any]) -> None:
    assert "Every step is shorter than the learning rate," in visit["page"]


def test_a_lessons_facts_use_the_measurement(visit: dict[str, Any]) -> None:
    [finding] = visit["facts"]
    assert "holds  path_length" in finding
