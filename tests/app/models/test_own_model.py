"""The model that the command line names."""

from pathlib import Path

import pytest
import torch
import typer

from cliffscape.app.command import load_model
from cliffscape.app.landscape_files.landscape_file import LandscapeFileError
from cliffscape.app.models.own_model import OwnModel, register_model
from cliffscape.app.server import announcements
from cliffscape.app.settings import Settings
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_landscape import VIEWS


def test_the_model_with_its_weights_is_a_landscape(folder: Path) -> None:
    torch.save({"weight": torch.ones(1, 2), "bias": torch.ones(1)}, folder / "weights.pt")
    own = OwnModel("my_model.py:build", folder / "weights.pt", "my_model:batch", None)
    assert register_model(own) == "?landscape=model&landscape.view=my_model"
    assert float(VIEWS["my_model"].subject.found.origin) == 9.0
    said = list(announcements(Settings(), 8000))
    assert said[1] == "Your model my_model is at http://127.0.0.1:8000/?landscape=model&landscape.view=my_model"


def test_a_list_holds_batches_and_a_pair_is_one_batch(folder: Path) -> None:
    register_model(OwnModel("my_model.py:build", None, "my_model:batches", "my_model:loss"))
    register_model(OwnModel("my_model.py:build", None, "my_model:batch", None))
    assert [len(view.subject.found.batches) for view in VIEWS.values()] == [2, 1]


def test_missing_options_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(
        BoundError, match=r"--data must be the batches of the model, such as my_model\.py:batch, got no"
    ):
        register_model(OwnModel("my_model.py:build", None, None, None))
    with pytest.raises(typer.Exit):
        load_model(None, Path("weights.pt"), None, None)
    assert capsys.readouterr().err == "--weights must be used together with --model, got weights.pt\n"
    with pytest.raises(
        BoundError, match=r"--model must be a torch\.nn\.Module, or a function that returns one, got tup"
    ):
        register_model(OwnModel("my_model.py:batch", None, "my_model:batch", None))


def test_an_exception_of_the_users_code_has_its_traceback(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LandscapeFileError, match=r"^my_model\.py, line 24: ZeroDivisionError: division by zero$"):
        register_model(OwnModel("my_model.py:broken", None, "my_model:batch", None))
    with pytest.raises(typer.Exit):
        load_model("my_model.py:broken", None, "my_model:batch", None)
    said = capsys.readouterr().err
    assert "    return 1 / 0\n" in said and "torch" not in said
