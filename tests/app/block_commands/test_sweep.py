"""``cliffscape sweep``: files, plans, and errors in one sentence."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cliffscape.app.cli import cli
from tests.app.large_maps.small_maps import SADDLE, layout_of, small, write_map

__all__ = ["small"]


def invoke(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of ``cliffscape sweep``."""
    result = CliRunner().invoke(cli, ["sweep", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("small")
def test_the_file_is_the_map_of_the_link(tmp_path: Path) -> None:
    out, expected = tmp_path / "new" / "map.npz", tmp_path / "expected.npz"
    write_map(layout_of(SADDLE), expected)
    arguments = (f"http://127.0.0.1:8000/?{SADDLE}", "--cells", "17", "--out", str(out))
    status, said, progress = invoke(*arguments)
    assert (status, said) == (0, f"{out}\n")
    assert progress.splitlines() == [
        "outcomes: 578 of 578 cells",
        "certainty of the cells at borders: 578 of 578 cells",
        "file: 289 of 289 cells",
    ]
    assert out.read_bytes() == expected.read_bytes()
    # The same map is complete already; another one does not replace it.
    assert invoke(*arguments) == (0, f"{out}\n", "")
    status, said, errors = invoke("landscape=ravine", "--cells", "17", "--out", str(out))
    assert (status, said) == (2, "")
    assert "--out must be a file that does not exist yet, or this map" in errors
    assert "17 x 17 cells of ?landscape=saddle&steps=12" in errors
    assert out.read_bytes() == expected.read_bytes()


@pytest.mark.usefixtures("small")
def test_a_plan_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, said, errors = invoke(SADDLE, "--cells", "33", "--plan")
    assert (status, errors) == (0, "")
    assert said.splitlines()[0] == "33 x 33 cells with 12 steps" and len(said.splitlines()) == 7
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((SADDLE, "--cells", "1"), 2, "--cells must be between 2 and 32,768, got 1"),
        ((SADDLE, "--out", "map.png"), 2, "--out must be a file that ends in .npz, got map.png"),
        ((SADDLE, "--processes", "0"), 2, "--processes must be between 1 and 1,024, got 0"),
        ((f"{SADDLE}&clip=autoclip", "--cells", "5"), 2, "clip must be one whose memory has a fixed size"),
        (("landscape=nowhere",), 2, "landscape must be"),
        ((SADDLE, "--cells", "5", "--out", "file/map.npz"), 1, "cannot write file"),
        ((SADDLE, "--cells", "5", "--out", "other.npz"), 2, "other.npz, which is no outcome map"),
        ((SADDLE, "--cells", "5", "--out", "used.npz"), 2, "used.npz.blocks, which holds other files"),
    ],
)
def test_errors_are_one_sentence(
    arguments: tuple[str, ...], status: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    np.savez("other.npz", a=np.zeros(3))
    Path("used.npz.blocks").mkdir()
    Path("used.npz.blocks/notes.txt").touch()
    found, said, errors = invoke(*arguments)
    assert (found, said) == (status, "")
    assert sentence in errors.splitlines()[-1]
    assert "Traceback" not in errors
    assert Path("used.npz.blocks/notes.txt").exists() and not Path("map.npz").exists()
