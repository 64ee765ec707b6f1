"""The device of a process, by the name that the settings have for it."""

import torch

from cliffscape.landscapes.bound_error import BoundError


def select_device(name: str) -> torch.device:
    """The device called ``name``; ``auto`` is the first GPU, or the CPU if there is none.

    Raises:
        BoundError: there is no such device.
    """
    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "auto":
        name = "cuda" if gpus else "cpu"
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= gpus:
        raise BoundError("device", name, f"one that PyTorch sees ({gpus} GPUs here)")
    return device
