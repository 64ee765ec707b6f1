"""NumPy archives of columns."""

import io
import zipfile
from typing import Any

import numpy as np
import pytest

from cliffscape.app.logs.engines import numpy_archive
from cliffscape.app.logs.formats.cliffscape_training import ARCHIVE
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.rows import LineCounts, Row


def archive(**arrays: Any) -> io.BytesIO:
    """An archive with these arrays."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file


def read(file: io.BytesIO) -> list[Row]:
    """Its rows."""
    return list(numpy_archive.archive_records(file, ARCHIVE, LineCounts()))


def test_columns_of_the_same_length() -> None:
    rows = read(archive(a=np.arange(2), b=np.array(["x", "y"]), c=np.ones((2, 2)), d=np.array("text"), e=np.ones(1)))
    assert rows == [(1, {"a": 0, "b": "x"}), (2, {"a": 1, "b": "y"})]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("kind", "values"), [("f2", [2.0**-24, 0.1001, -65504, np.inf]), ("i2", [258, -2]), ("U2", ["äb"])]
)
def test_columns_of_any_type_and_byte_order(order: str, kind: str, values: list[Any]) -> None:
    expected = np.array(values, dtype=kind).tolist()
    rows = read(archive(a=np.array(values, dtype=f"{order}{kind}")))
    assert [row["a"] for _, row in rows] == expected
    assert all(isinstance(row["a"], float | int | str) for _, row in rows)


def test_blocks_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_archive, "BLOCK", 3)
    assert read(archive(a=np.arange(8.0))) == [(k + 1, {"a": float(k)}) for k in range(8)]


def test_an_archive_with_pickled_objects_is_refused() -> None:
    with pytest.raises(LogError, match="file: expected an archive that NumPy can read, which it is not"):
        read(archive(a=np.array([{}], dtype=object)))


def test_other_archives_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as found:
        found.writestr("a.txt", "text")
    with pytest.raises(LogError, match="expected an archive"):
        read(file)


def test_a_small_file_with_large_arrays_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_archive, "LARGEST", 1000)
    with pytest.raises(LogError, match="file: the size of an archive must be at most 1,000 bytes, got 8,128"):
        read(archive(a=np.zeros(1000)))


@pytest.mark.parametrize(("kind", "name"), [("g", "longdouble"), ("c16", "complex"), ("?", "bool")])
def test_a_column_of_a_type_that_cannot_be_read_is_refused_by_name(kind: str, name: str) -> None:
    expected = rf"file: column loss must be of whole numbers or of half, single or double precision, got {name}"
    with pytest.raises(LogError, match=expected):
        read(archive(gradient_norm=np.ones(3), loss=np.ones(3, dtype=kind)))
    # Under other names it is of no use, however long it is.
    rows = read(archive(gradient_norm=np.ones(2), other=np.ones(2, dtype=kind), mask=np.ones(5, dtype=kind)))
    assert [values for _, values in rows] == [{"gradient_norm": 1.0}] * 2
