"""The device of a process: by name, or the first GPU."""

import pytest
import torch

from cliffscape.app.compute.device import select_device


def test_auto_selects_a_gpu_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert select_device("auto") == select_device("cpu") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert select_device("auto") == torch.device("cuda")
    assert select_device("cpu") == torch.device("cpu")
    with pytest.raises(ValueError, match=r"device must be one that PyTorch sees \(1 GPUs here\), got cuda:1"):
        select_device("cuda:1")
