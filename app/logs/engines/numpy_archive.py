"""NumPy archives of columns, such as those of ``cliffscape train --out curves.npz``."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from cliffscape.app.logs.columns import ColumnNames
from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row
from cliffscape.landscapes.bound_error import must_be

Column = np.ndarray[tuple[int], np.dtype[np.generic]]
MAGIC = b"PK\x03\x04"
# A small archive can hold arrays that do not fit into memory.
LARGEST = 1 << 30
# So many rows are at a time lists of Python, which take much more memory than arrays.
BLOCK = 1 << 16
# Kinds of types that no browser reads, with their names. What a longdouble is depends on the machine that wrote it.
REFUSED = {"f": "longdouble", "c": "complex", "b": "bool"}
TYPES = "of whole numbers or of half, single or double precision"
# The reader replaces it by the name of the file.
FILE = "file"


def archive_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The rows of all columns of the same length; other arrays are left out.

    Raises:
        LogError: the file is no archive that NumPy can read without pickle, it is too large, or a column of a name that
            the format knows has a type that cannot be read.
    """
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            size = sum(one.file_size for one in archive.infolist())
        file.seek(0)
        columns = read_columns(file, ColumnNames(log_format.columns)) if size <= LARGEST else None
    except Exception as error:
        # A damaged archive raises errors of zipfile, zlib, struct, tokenize and NumPy.
        raise LogError(FILE, f"expected an archive that NumPy can read, which it is not ({error})") from error
    if columns is None:
        raise LogError(FILE, must_be("the size of an archive", f"{size:,}", f"at most {LARGEST:,} bytes"))
    length = max((len(column) for column in columns.values()), default=0)
    used = {key: column for key, column in columns.items() if len(column) == length}
    for name, column in used.items():
        if not is_read(column):
            raise LogError(FILE, must_be(f"column {name}", REFUSED[column.dtype.kind], TYPES))
    for first in range(0, length, BLOCK):
        block = [column[first : first + BLOCK].tolist() for column in used.values()]
        for number, cells in enumerate(zip(*block, strict=True), first + 1):
            counts.lines = number
            yield number, dict(zip(used, cells, strict=True))


def read_columns(file: BinaryIO, names: ColumnNames) -> dict[str, Column]:
    """The arrays with one axis, of numbers or texts; those of types that cannot be read only under names of columns.

    Without one of these the advice would be another, and nobody needs the others.
    """
    with np.load(file, allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files}
    return {
        name: array
        for name, array in found.items()
        if array.ndim == 1 and (is_read(array) or (array.dtype.kind in REFUSED and names.match(name)))
    }


def is_read(column: Column) -> bool:
    """Whether a column holds texts, whole numbers or numbers of at most double precision."""
    return column.dtype.kind in "iuU" or (column.dtype.kind == "f" and column.dtype.itemsize <= 8)
