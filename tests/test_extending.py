"""Extending: a new entry, frame kind, study or measurement is one decorated function, and a new lesson one file.

They are in tests/extending, and a separate process reads them. It imports the module of the entries, as
landscapes/catalogue.py does. For all others it only adds their folders to the search paths of the application's
folders: a file in the folder is all that they need.
"""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.source.files import ROOT
from tests.static.scripts import copy_scripts, signatures

KINDS = {"landscape": "trench", "optimizer": "saturating_descent", "schedule": "harmonic", "clip": "soft_norm"}


@pytest.fixture(scope="module")
def visit() -> dict[str, Any]:
    """The application's data about the entries."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.extending.visit"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("family", "kind"), KINDS.items(), ids=KINDS.values())
def test_an_entry_is_in_the_catalogue(visit: dict[str, Any], family: str, kind: str) -> None:
    assert kind in [one["kind"] for one in visit["catalogue"][family]]


def test_a_landscape_that_declares_no_group_is_one_of_the_readers_own(visit: dict[str, Any]) -> None:
    [trench] = [one for one in visit["catalogue"]["landscape"] if one["kind"] == "trench"]
    assert trench["group"] == "Yours"
    assert visit["catalogue"]["groups"][-1]["name"] == "Yours"


def test_a_link_names_the_entries_and_their_parameters(visit: dict[str, Any]) -> None:
    for link in visit["links"]:
        assert link["written"] == link["read"]


def test_the_kernel_descends_as_pytorch_does(visit: dict[str, Any]) -> None:
    kernel, expected = (torch.tensor(visit["descents"][name], dtype=torch.float64) for name in ("kernel", "torch"))
    assert len(expected[0]) > 1
    torch.testing.assert_close(kernel, expected, rtol=1e-12, atol=1e-12)


def test_a_script_of_the_entries_computes_the_same_descent(visit: dict[str, Any]) -> None:
    script, expected = visit["exports"]["script"], visit["descents"]["torch"]
    torch.testing.assert_close(torch.tensor(script), torch.tensor(expected), rtol=1e-12, atol=1e-12)


def test_a_clip_that_declares_no_calls_has_a_sentence_in_training_loops(visit: dict[str, Any]) -> None:
    assert "# Training with the clip “Soft norm”" in visit["exports"]["training_loop"]
    assert visit["exports"]["training_loop"].count("Nobody has written down yet") == 5


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


def test_a_frame_kind_is_in_the_catalogue_with_what_it_depends_on(visit: dict[str, Any]) -> None:
    kind = visit["catalogue"]["frames"]["losses_ahead"]
    whole = {"only": "", "without": [], "when": {}}
    rule = {**whole, "name": "optimizer", "only": "kind", "when": {"examples": True}}
    assert kind["when"] == {"network": False}
    assert kind["depends_on"] == [{**whole, "name": "landscape"}, {**whole, "name": "start"}, rule]


def test_frames_of_the_kind_are_planned_and_sent(visit: dict[str, Any]) -> None:
    frames = visit["frames"]
    assert [(kind, level) for kind, level, _ in frames["planned"]] == [("losses_ahead", 3), ("losses_ahead", 9)]
    assert frames["sent"] == frames["planned"]
    expected = [[3 * (math.cosh(1.5 + k / last) - 1) + 0.5**3 for k in range(last + 1)] for last in (2, 8)]
    for losses, exact in zip(frames["losses"], expected, strict=True):
        assert losses == pytest.approx(exact, rel=1e-12)


def test_a_study_is_sent_and_its_key_follows_what_it_depends_on(visit: dict[str, Any]) -> None:
    study, keys = visit["frames"]["study"], visit["frames"]["study_keys"]
    assert study["name"] == "wall_heights"
    assert study["losses"] == pytest.approx([3 * (math.cosh(1.5) - 1) + 0.5**3] * 2, rel=1e-12)
    # The Scenes differ in nothing, the steps, the start and the depth.
    same, also, start, depth = keys
    assert same == also
    assert len({same, start, depth}) == 3


def test_the_pages_signature_of_the_kind_differs_where_the_servers_key_does(
    visit: dict[str, Any], tmp_path: Path
) -> None:
    keys, scenes = visit["frames"]["keys"], visit["frames"]["scenes"]
    same, also, start, depth, network = keys
    assert same == also
    assert len({same, start, depth}) == 3
    assert not network
    found = [one for [one] in signatures(copy_scripts(tmp_path), visit["catalogue"], ["losses_ahead"], scenes)]
    assert [found.index(one) for one in found] == [keys.index(one) for one in keys]
    assert [bool(one) for one in found] == [bool(one) for one in keys]
