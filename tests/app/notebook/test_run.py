"""Run: links as people have them, the surface of the picture, and the names of the package."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import cliffscape
from cliffscape.app.linked_scene import LinkError
from cliffscape.app.notebook.run import NETWORK_SIDE, SIDE, run, surface
from cliffscape.app.runs.network import build_view
from cliffscape.app.scene.links import from_query
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.generators import run_to_end
from tests.app.lessons.test_lesson import GOOD

QUERY = "landscape=saddle&steps=3"


@pytest.mark.parametrize(
    "link",
    [QUERY, f"?{QUERY}", f"http://127.0.0.1:8000/?{QUERY}", f"https://a.example/b/?{QUERY}&utm_source=x&embed#here"],
)
def test_a_link_is_an_address_or_its_query(link: str) -> None:
    assert run(link).scene == from_query({"landscape": "saddle", "steps": "3"})


def test_a_lesson_of_ones_own_can_be_run(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text(GOOD, encoding="utf-8")
    assert run("?lesson=mine", lessons=tmp_path).scene == run("?lesson=mine", lessons=str(tmp_path)).scene


def test_what_is_wrong_is_a_sentence() -> None:
    with pytest.raises(LinkError, match="steps must be at least 1, got 0"):
        run("steps=0")
    with pytest.raises(
        TypeError, match=r"link must be the address of an experiment, or the part after its \?, got int"
    ):
        run(3)  # type: ignore[arg-type]
    with pytest.raises(BoundError, match="lessons_folder must be a folder that can be read"):
        run("?lesson=mine", lessons="/no/such/folder")


def test_the_surface_covers_the_window() -> None:
    scene = from_query({"landscape": "saddle"})
    found, loss = surface(scene, None), scene.surface.loss(**scene.parameters("landscape"))
    window = scene.resolved_window
    assert found.shape == (SIDE, SIDE)
    corner = torch.tensor([window.right, window.bottom], dtype=torch.float64)
    assert found[0, -1] == loss(corner)


def test_the_surface_of_a_network_is_that_of_its_slice() -> None:
    scene = from_query({"landscape": "recurrent_network", "cell.hidden_units": "2", "task.sequence_length": "4"})
    view = run_to_end(build_view(scene))
    found = surface(scene, view)
    assert found.shape == (NETWORK_SIDE, NETWORK_SIDE)
    window = scene.resolved_window
    corner = torch.tensor([window.left, window.top], dtype=torch.float64)
    assert torch.allclose(found[-1, 0], view.loss(corner), rtol=1e-12)


def test_the_package_has_the_names_that_it_lists() -> None:
    # A star import would hide Python's own ``slice``.
    assert {*cliffscape.PUBLIC} == {*cliffscape.__all__, "slice"} <= {*dir(cliffscape)}
    assert all(getattr(cliffscape, name) for name in cliffscape.PUBLIC)
    assert cliffscape.run is run
    with pytest.raises(AttributeError, match="module 'cliffscape' has no attribute 'walk'"):
        _ = cliffscape.walk


def test_the_package_loads_pytorch_when_a_name_is_used() -> None:
    code = "import cliffscape, sys; dir(cliffscape); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
