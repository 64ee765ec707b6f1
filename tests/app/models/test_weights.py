"""Files of weights: tensors are read, and pickled objects are refused without running their code."""

import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from cliffscape.app.models.weights import load_weights
from cliffscape.landscapes.bound_error import BoundError

ONES = {"weight": torch.ones(1, 2), "bias": torch.ones(1)}


class Trap:
    """An object whose pickle writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("content", [ONES, {"epoch": 3, "state_dict": ONES}])
def test_tensors_are_loaded(tmp_path: Path, content: Any) -> None:
    torch.save(content, tmp_path / "weights.pt")
    model = nn.Linear(2, 1)
    load_weights(model, tmp_path / "weights.pt")
    assert torch.equal(model.weight.detach(), ONES["weight"])


def test_safetensors_are_read_by_their_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("safetensors.torch")
    package.load_file = lambda path: ONES  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "safetensors", ModuleType("safetensors"))
    monkeypatch.setitem(sys.modules, "safetensors.torch", package)
    model = nn.Linear(2, 1)
    load_weights(model, tmp_path / "weights.safetensors")
    assert torch.equal(model.weight.detach(), ONES["weight"])


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.torch", None)
    with pytest.raises(
        BoundError, match=r"safetensors is missing: pip install 'cliffscape\[weights\]', got w\.safeten"
    ):
        load_weights(nn.Linear(2, 1), tmp_path / "w.safetensors")


def test_pickled_objects_are_refused_and_do_not_run(tmp_path: Path) -> None:
    torch.save(Trap(tmp_path / "ran"), tmp_path / "weights.pt")
    with pytest.raises(
        BoundError, match=r"^--weights must be a file of tensors alone, .* holds pickled objects, whose"
    ):
        load_weights(nn.Linear(2, 1), tmp_path / "weights.pt")
    for name in ("weights.pkl", "weights.pt2"):
        (tmp_path / name).write_bytes(pickle.dumps(Trap(tmp_path / "ran")))
        with pytest.raises(
            BoundError, match=r"^--weights must be a file of weights \(\.safetensors, .*, got weights\.p"
        ):
            load_weights(nn.Linear(2, 1), tmp_path / name)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"weight": torch.ones(3, 2)}, "--weights must be the weights of Linear "),
        ({"epoch": 3}, "--weights must be a file with tensors by name, or with them under one of state_dict, "),
    ],
)
def test_weights_of_another_model_are_refused(tmp_path: Path, content: Any, words: str) -> None:
    torch.save(content, tmp_path / "weights.pt")
    with pytest.raises(BoundError, match=words):
        load_weights(nn.Linear(2, 1), tmp_path / "weights.pt")


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BoundError, match=r"--weights must be a file that can be read, got no\.pt \(No such file"):
        load_weights(nn.Linear(2, 1), tmp_path / "no.pt")
    (tmp_path / "empty.pt").write_bytes(b"")
    with pytest.raises(BoundError, match=r"--weights must be a file of weights that can be read, got empty\.pt \("):
        load_weights(nn.Linear(2, 1), tmp_path / "empty.pt")
