"""Weights of a model from a file that the user names. Nothing in the file is executed."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError

OPTION = "--weights"
# What torch.load(weights_only=True) reads. Pickled objects that are no tensors are refused by it.
PYTORCH = (".pt", ".pth", ".bin", ".ckpt")
# Under these names a checkpoint keeps its weights.
INSIDE = ("state_dict", "model_state_dict", "model")


def load_weights(model: nn.Module, path: Path) -> None:
    """Load weights into a model.

    Raises:
        BoundError: the file cannot be read safely, or its weights are those of another model.
    """
    tensors = weights_in(read_file(path), path.name)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        words = " ".join(str(error).split())[:300]
        raise BoundError(OPTION, path.name, f"the weights of {type(model).__name__} ({words})") from None


def read_file(path: Path) -> Any:
    """The content of a file.

    Raises:
        BoundError: it cannot be read safely.
    """
    if path.suffix not in (".safetensors", *PYTORCH):
        known = f".safetensors, {', '.join(PYTORCH)}"
        bound = f"a file of weights ({known}): other files hold pickled objects, and loading them runs their code"
        raise BoundError(OPTION, path.name, bound)
    try:
        if path.suffix == ".safetensors":
            return read_safetensors(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise BoundError(OPTION, f"{path.name} ({error.strerror or error})", "a file that can be read") from None
    except pickle.UnpicklingError:
        bound = "a file of tensors alone, such as torch.save(model.state_dict(), ...) or a safetensors file; this one"
        raise BoundError(OPTION, path.name, f"{bound} holds pickled objects, whose code would run") from None
    except BoundError:
        raise
    except Exception as error:
        words = f"{path.name} ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        raise BoundError(OPTION, words, "a file of weights that can be read") from None


def read_safetensors(path: Path) -> Any:
    """The tensors of a safetensors file.

    Raises:
        BoundError: the package is missing.
    """
    try:
        from safetensors.torch import load_file  # noqa: PLC0415 - an optional package
    except ImportError:
        needs = "a file that this installation can read; safetensors is missing: pip install 'cliffscape[weights]'"
        raise BoundError(OPTION, path.name, needs) from None
    return load_file(path)


def weights_in(content: Any, name: str) -> Mapping[str, Tensor]:
    """The tensors by name in what a file holds: all of it, or its part for the model.

    Raises:
        BoundError: there are none.
    """
    for part in (content, *(content.get(key) for key in INSIDE if isinstance(content, Mapping))):
        if isinstance(part, Mapping) and part and all(isinstance(one, Tensor) for one in part.values()):
            return part
    raise BoundError(OPTION, name, f"a file with tensors by name, or with them under one of {', '.join(INSIDE)}")
