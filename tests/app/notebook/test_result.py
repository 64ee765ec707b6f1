"""Result: the arrays and sentences of ``cliffscape run``, and what a notebook shows."""

import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from cliffscape.app.notebook.result import Result
from cliffscape.app.notebook.run import run
from cliffscape.app.runs.table import COLUMNS
from cliffscape.landscapes.bound_error import BoundError

LINK = "?landscape=saddle&steps=9&optimizer.learning_rate=0.3&start=0.5,0.001"


@pytest.fixture(scope="module")
def result() -> Result:
    """A short run."""
    return run(LINK)


def test_it_has_the_verdicts_and_the_table_of_the_command(result: Result, tmp_path: Path) -> None:
    said = CliRunner().invoke(cli, ["run", LINK, "--out", str(tmp_path / "a.csv")])
    assert said.stdout.splitlines() == result.verdicts == repr(result).splitlines()
    result.save(tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_it_saves_the_other_formats(result: Result, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"run.{suffix}"
    result.save(str(path))
    if suffix == "json":
        assert json.loads(path.read_text())["link"] == result.link
    else:
        with np.load(path) as found:
            assert np.array_equal(found["loss"], result.table["loss"])


def test_a_file_of_another_kind_is_refused(result: Result) -> None:
    with pytest.raises(BoundError, match=r"path must be a file that ends in .csv, .json, .npz, got run.xlsx"):
        result.save("run.xlsx")


def test_runs_have_arrays_with_a_row_for_every_step(result: Result) -> None:
    for one in result:
        assert len(one) == 10
        assert one.position.shape == (10, 2) and one.position[0].tolist() == [0.5, 0.001]
        for column in (one.loss, one.gradient_norm, one.clip_factor, one.step_length):
            assert column.shape == (10,) and column.dtype == np.float64
        assert np.isnan(one.step_length[-1])
        assert repr(one) == one.verdict and one.outcome in one.verdict.replace(" ", "_")
    assert np.array_equal(np.concatenate([one.loss for one in result]), result.table["loss"])
    assert tuple(result.table) == COLUMNS


def test_runs_are_found_by_name(result: Result) -> None:
    assert result["without"] is result.unclipped and result["with"] is result.clipped
    with pytest.raises(BoundError, match=r"run must be one that the link shows \(with\), got 'without'"):
        _ = run(f"{LINK}&runs=with").unclipped


def test_a_notebook_shows_a_picture_that_needs_no_other_file_and_the_headlines(result: Result) -> None:
    content = ElementTree.fromstring(result._repr_html_())
    assert [one.tag for one in content] == ["img", "p", "p", "p", "p"]
    source = content[0].attrib["src"]
    assert ElementTree.fromstring(base64.b64decode(source.partition("base64,")[2])).tag.endswith("svg")
    assert [one.text for one in content[1:3]] == [result.unclipped.headline, result.clipped.headline]
    assert [one.attrib.get("title") for one in content[1:3]] == result.verdicts[:2]
    assert content[3].text == result.verdicts[2]
    assert not re.search(r"(?:src|href)=\"(?!data:)", result._repr_html_())


def test_the_link_is_text(result: Result) -> None:
    content = ElementTree.fromstring(result._repr_html_())
    assert content[-1][0].text == result.link
