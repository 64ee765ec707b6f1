"""Training loops: the calls of every clip, which are Python, and those of PyTorch compared with the clip itself."""

import ast
import re
from typing import Any

import pytest
import torch

from cliffscape.app.exports.training_loop import IMPORTS, NO_CALLS, framework_texts, part, training_loop
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import Call, Clipping

WITH_PYTORCH = [entry for entry in CLIPS if entry.calls is not None and isinstance(entry.calls.pytorch, Call)]
BLOCK = re.compile(r"```python\n(.*?)```", re.S)


def texts(kind: str) -> dict[str, str]:
    """What the file says about each framework."""
    scene = from_query({"clip": kind})
    return framework_texts(CLIPS[kind], scene.parameters("clip"))


@pytest.mark.parametrize("entry", [*CLIPS], ids=lambda entry: entry.kind)
def test_every_framework_has_python_code_or_a_sentence(entry: Clipping) -> None:
    assert list(texts(entry.kind)) == list(IMPORTS)
    for framework, text in texts(entry.kind).items():
        blocks = BLOCK.findall(text)
        for block in blocks:
            ast.parse(block)
            assert f"import {IMPORTS[framework]}\n" in block
        note = BLOCK.sub("", text).strip()
        assert blocks or note
        assert not note or re.fullmatch(r"[A-Za-z].*\.", note)
        assert "{" not in note and NO_CALLS not in note


@pytest.mark.parametrize("entry", [*CLIPS], ids=lambda entry: entry.kind)
def test_the_file_has_a_part_for_every_framework_and_names_the_scene(entry: Clipping) -> None:
    text = training_loop(from_query({"clip": entry.kind, "landscape": "saddle"}))
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(IMPORTS)
    assert "?landscape=saddle" in text
    for name, value in from_query({"clip": entry.kind}).parameters("clip").items():
        assert f"{name} = {value!r}" in text


class Model(torch.nn.Module):
    """A model whose parameters have given gradients, one step after the other."""

    def __init__(self, gradients: torch.Tensor) -> None:
        super().__init__()
        self.one = torch.nn.Parameter(torch.zeros(2, 1, dtype=torch.float64))
        self.other = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        self.gradients = iter(gradients)

    def forward(self, inputs: Any) -> torch.Tensor:
        return (torch.cat([self.one.flatten(), self.other]) * next(self.gradients)).sum()


@pytest.mark.parametrize("entry", WITH_PYTORCH, ids=lambda entry: entry.kind)
def test_the_loop_of_pytorch_trains_as_the_clip_does(entry: Clipping) -> None:
    gradients = torch.randn(6, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    gradients = gradients * torch.tensor([0.02, 1.0, 5.0, 0.1, 0.0, 2.0], dtype=torch.float64).unsqueeze(-1)
    model = Model(gradients)
    [block] = BLOCK.findall(texts(entry.kind)["PyTorch"])
    space = {"model": model, "loader": [(None, None)] * 6, "loss_function": lambda loss, _: loss}
    exec(compile(block, entry.kind, "exec"), space)
    clip = entry.build(entry.defaults, {"weight": (2, 1), "bias": (3,)})
    theta = torch.zeros(5, dtype=torch.float64)
    state = clip.init(theta)
    for gradient in gradients:
        clipped, state = clip.update(gradient, state, theta)
        theta = theta - 0.1 * clipped
    found = torch.cat([model.one.flatten(), model.other]).detach()
    # Frameworks differ by the millionth that PyTorch adds to the norm.
    torch.testing.assert_close(found, theta, rtol=1e-4, atol=1e-9)


def test_the_loop_skips_a_gradient_with_inf() -> None:
    gradients = torch.tensor([[1.0, torch.inf, 0, 0, 0], [1.0, 0, 0, 0, 0]], dtype=torch.float64)
    model = Model(gradients)
    [block] = BLOCK.findall(texts("skip_nonfinite")["PyTorch"])
    exec(block, {"model": model, "loader": [(None, None)] * 2, "loss_function": lambda loss, _: loss})
    assert model.one.flatten().tolist() == [-0.1, 0]


def test_the_loop_raises_the_error_of_pytorch() -> None:
    model = Model(torch.tensor([[torch.inf, 0.0, 0, 0, 0]], dtype=torch.float64))
    [block] = BLOCK.findall(texts("by_norm_pytorch_error")["PyTorch"])
    with pytest.raises(RuntimeError, match="non-finite"):
        exec(block, {"model": model, "loader": [(None, None)], "loss_function": lambda loss, _: loss})


def test_a_rule_without_arguments_of_a_trainer_is_called_in_a_hook() -> None:
    found = texts("by_one_norm_pytorch")
    assert "torch.nn.utils.clip_grad_norm_(self.parameters(), max_norm=0.2, norm_type=1)" in found["Lightning"]
    assert "def on_pre_optimizer_step" in found["Hugging Face Trainer"]
    assert "max_grad_norm=0.0" in found["Hugging Face Trainer"]


def test_the_default_of_the_trainer_is_switched_off_without_a_clip() -> None:
    assert "max_grad_norm=0.0" in texts("none")["Hugging Face Trainer"]


def test_a_clip_without_calls_has_a_sentence() -> None:
    entry = Clipping(**{**vars(CLIPS["by_norm"]), "calls": None})
    assert set(framework_texts(entry, {})) == set(IMPORTS)
    assert set(framework_texts(entry, {}).values()) == {NO_CALLS + "\n"}


def test_the_file_is_named_after_the_clip() -> None:
    assert part(from_query({"clip": "by_norm_pytorch"})) == "by_norm_pytorch_training_loop"
