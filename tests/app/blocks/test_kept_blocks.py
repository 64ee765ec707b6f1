"""Kept blocks: a folder belongs to one piece of work, and a damaged block is computed again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cliffscape.app.blocks.kept_blocks import CLAIM, UNFINISHED, Claim, KeptBlocks, write_atomically
from cliffscape.landscapes.bound_error import BoundError

CLAIM_OF_MAP = Claim("the outcome map", "?landscape=saddle", "1.2", "abc")
ARRAYS = {"outcome": np.arange(7, dtype=np.uint8), "loss": np.linspace(0, 1, 7)}


def kept_in(folder: Path, claim: Claim = CLAIM_OF_MAP) -> KeptBlocks:
    """A folder that holds one block of the claim."""
    kept = KeptBlocks(folder, claim)
    with kept.open():
        kept.keep("first", ARRAYS)
    return kept


def test_a_block_is_read_as_it_was_kept(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "new" / "blocks")
    with kept.open():
        assert kept.holds("first") and not kept.holds("second")
        found = kept.load("first")
        assert {name: (one.dtype, one.tolist()) for name, one in found.items()} == {
            name: (one.dtype, one.tolist()) for name, one in ARRAYS.items()
        }
        assert [*kept.load("first", "loss")] == ["loss"]
    kept.remove()
    assert not kept.folder.exists()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(CLAIM_OF_MAP, description="?landscape=ravine", key="d"), "the outcome map ?landscape=saddle of"),
        (replace(CLAIM_OF_MAP, version="1.3", key="e"), "of Cliffscape 1.2"),
        (replace(CLAIM_OF_MAP, key="f"), "of Cliffscape 1.2 with other options"),
    ],
)
def test_a_folder_of_other_work_is_refused_and_stays_as_it_is(tmp_path: Path, other: Claim, said: str) -> None:
    kept = kept_in(tmp_path / "blocks")
    before = {path.name: path.read_bytes() for path in kept.folder.iterdir()}
    with pytest.raises(BoundError, match="--out must be one whose folder blocks is absent, empty, or that of") as error:
        KeptBlocks(kept.folder, other).check()
    assert str(error.value).endswith(said) or f", which holds {said}" in str(error.value)
    with pytest.raises(BoundError), KeptBlocks(kept.folder, other).open():
        pytest.fail("the folder was opened")
    assert {path.name: path.read_bytes() for path in kept.folder.iterdir()} == before


@pytest.mark.parametrize("name", ["notes.txt", CLAIM])
def test_a_folder_with_other_files_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[1]")
    with pytest.raises(BoundError, match=r"which holds (other files|something else)"):
        KeptBlocks(tmp_path, CLAIM_OF_MAP).check()
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BoundError, match="which holds something else"):
        KeptBlocks(file, CLAIM_OF_MAP).check()


def test_two_commands_cannot_use_a_folder_at_the_same_time(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "blocks")
    with kept.open(), pytest.raises(BoundError, match="no other command"), KeptBlocks(kept.folder, kept.claim).open():
        pytest.fail("the folder was opened twice")


def test_a_damaged_block_counts_as_absent(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "blocks")
    path = kept.path("first")
    whole = path.read_bytes()
    at = whole.index(ARRAYS["loss"].tobytes()) + 9
    for damaged in (whole[:-40], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], b""):
        path.write_bytes(damaged)
        assert not kept.holds("first") and not path.exists()
    # A block under the name of another one, or of other work.
    (path.with_name("second.npz")).write_bytes(whole)
    assert not kept.holds("second")
    path.write_bytes(whole)
    assert kept.holds("first")
    assert not KeptBlocks(kept.folder, replace(kept.claim, key="other")).holds("first")


def test_a_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"first")

    def killed(self: Path, target: Path) -> None:
        raise SystemExit(9)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(SystemExit):
        write_atomically(path, b"second")
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir() if one.suffix == UNFINISHED] == ["a.json.part"]
