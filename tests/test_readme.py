"""The README's promises: its example works, its numbers are computed, its commands exist."""

import re
import shlex
from pathlib import Path
from typing import Annotated

import pytest
import torch
from torch import Tensor
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Range
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.loss import Landscape, Preset, descent_preset, landscape, value_and_gradient

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The README's code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def commands() -> list[list[str]]:
    """The README's calls of the console script, each as its arguments."""
    lines = "\n".join(blocks("sh")).splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if re.match(r"\S*cliffscape ", line)]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Landscape:
    """The README's landscape, registered for the length of one test."""
    monkeypatch.setattr(LANDSCAPES, "entries", dict(LANDSCAPES.entries))
    [code] = blocks("python")
    names = {
        "Annotated": Annotated,
        "Range": Range,
        "Tensor": Tensor,
        "descent_preset": descent_preset,
        "landscape": landscape,
    }
    before = set(LANDSCAPES.entries)
    exec(compile(code, "README.md", "exec"), names)
    [added] = set(LANDSCAPES.entries) - before
    return LANDSCAPES[added]


def test_the_examples_names_are_those_of_the_file_it_goes_into() -> None:
    surfaces = (ROOT / "landscapes" / "surfaces.py").read_text()
    for name in ("Annotated", "Range", "Tensor", "descent_preset", "landscape"):
        assert re.search(rf"^from \S+ import .*\b{name}\b", surfaces, re.M)


def test_the_example_traces(example: Landscape) -> None:
    kernel = descent_kernel(example.kind, {}, "gradient_descent", "by_norm")
    assert "landscape.steepness" in kernel.parameters


def test_the_example_declares_its_minimum_where_it_is(example: Landscape) -> None:
    value, gradient = value_and_gradient(example.loss(), torch.tensor(example.minima(), dtype=torch.float64))
    assert value.tolist() == [0]
    assert gradient.tolist() == [[0, 0]]


def test_the_example_does_what_its_preset_says(example: Landscape) -> None:
    [preset] = example.presets
    thrown = follow(example, preset, "none", {})
    walked = follow(example, preset, "by_norm", {"threshold": preset.choices["clip.threshold"]})
    assert thrown.step_length[0] > 10 * example.window.diagonal
    assert walked.loss[-1] < example.solved < thrown.loss[-1]


def follow(surface: Landscape, preset: Preset, clip: str, chosen: dict[str, float]) -> Record:
    """A preset's run from the landscape's start, under one clip."""
    rule = OPTIMIZERS["gradient_descent"].function(preset.choices["optimizer.learning_rate"])
    start = torch.tensor(surface.start, dtype=torch.float64)
    return trajectory(surface.loss(), start, rule, CLIPS[clip].function(**chosen), preset.choices["steps"])


def opening(clip: str) -> Record:
    """The run the page opens on, under one clip."""
    scene = from_query({})
    guard = CLIPS[clip].function(**(scene.parameters("clip") if clip == scene.clip.kind else {}))
    rule = OPTIMIZERS[scene.optimizer.kind].function(**scene.parameters("optimizer"))
    loss = scene.surface.loss(**scene.parameters("landscape"))
    return trajectory(loss, torch.tensor(scene.resolved_start, dtype=torch.float64), rule, guard, scene.steps)


def test_the_numbers_without_clipping_are_computed() -> None:
    run = opening("none")
    longest = int(run.step_length[:-1].argmax())
    words = " ".join(README.split())
    assert f"at step {longest}, where the gradient norm is {run.gradient_norm[longest]:.1f}" in words
    assert f"thrown {run.step_length[longest]:.2f} units" in words


def test_the_numbers_with_clipping_are_computed() -> None:
    run = opening("by_norm")
    words = " ".join(README.split())
    assert f"is clipped {int((run.clip_factor[:-1] < 1).sum())} times" in words
    assert f"a loss of {run.loss[-1]:.4f}" in words


def test_the_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands()
    for command in commands():
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "run.csv").read_text().startswith("lane,step,x,y,loss,gradient_norm,kept,step_length\n")


def test_make_knows_every_target_named() -> None:
    rules = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake (\w+)", README + (ROOT / "CONTRIBUTING.md").read_text()))
    assert named >= {"serve", "test", "engine"}
    assert named <= rules


def test_every_file_named_exists() -> None:
    links = re.findall(r"\]\(([^):]+)\)", README) + re.findall(r"\bbenchmarks/\w+\.py", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
