"""README and the other pages: the example works, the numbers are computed, commands, targets and files exist."""

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
from cliffscape.landscapes.declare import Preset, Range, descent_preset
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import Record, trajectory
from cliffscape.landscapes.loss import Landscape, landscape

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md", *DOCS]
EXTENDING = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of one language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def commands() -> list[list[str]]:
    """The calls of the console script in all pages, each as its arguments."""
    lines = [line for page in PAGES for block in blocks(page.read_text("utf-8"), "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if re.match(r"\S*cliffscape ", line)]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Landscape:
    """The landscape of docs/extending.md, registered for the length of one test."""
    monkeypatch.setattr(LANDSCAPES, "entries", dict(LANDSCAPES.entries))
    code, _own_file = blocks(EXTENDING, "python")
    names = {
        "Annotated": Annotated,
        "Range": Range,
        "Tensor": Tensor,
        "descent_preset": descent_preset,
        "landscape": landscape,
    }
    before = set(LANDSCAPES.entries)
    exec(compile(code, "docs/extending.md", "exec"), names)
    [added] = set(LANDSCAPES.entries) - before
    return LANDSCAPES[added]


def test_the_example_uses_only_names_that_its_file_imports() -> None:
    [named] = set(re.findall(r"landscapes/surfaces/\w+\.py", EXTENDING))
    surfaces = (ROOT / named).read_text()
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
    assert "\nrun,step,x,y,loss,gradient_norm,clip_factor,step_length\n" in (tmp_path / "run.csv").read_text()


def test_every_make_target_in_the_pages_exists() -> None:
    rules = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"(?:`|^)make (\w+)", "\n".join(page.read_text("utf-8") for page in PAGES), re.M))
    assert named >= {"serve", "test", "bench"}
    assert named <= rules


def test_every_link_leads_to_a_file() -> None:
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^):#]+)\)", page.read_text("utf-8"))]
    assert links
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_benchmark_is_listed_and_there() -> None:
    listed = set(
        re.findall(r"\bbenchmarks/((?:learning/)?\w+\.py)", (ROOT / "benchmarks" / "README.md").read_text("utf-8"))
    )
    folder = ROOT / "benchmarks"
    scripts = {str(path.relative_to(folder)) for path in (*folder.glob("*.py"), *folder.glob("learning/[a-z]*.py"))}
    assert listed
    assert listed <= scripts


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert README.count("\n") <= 120
    assert {f"docs/{page.name}" for page in DOCS} <= set(re.findall(r"\]\(([^):#]+)\)", README))
