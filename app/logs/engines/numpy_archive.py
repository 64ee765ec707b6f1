"""NumPy archives of columns, such as those of ``cliffscape train --out curves.npz``."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from cliffscape.app.logs.log_error import LogError
from cliffscape.app.logs.log_format import LogFormat
from cliffscape.app.logs.rows import LineCounts, Row
from cliffscape.landscapes.bound_error import must_be

MAGIC = b"PK\x03\x04"
# A small archive can hold arrays that do not fit into memory.
LARGEST = 1 << 30
# So many rows are at a time lists of Python, which take much more memory than arrays.
BLOCK = 1 << 16
# The reader replaces it by the name of the file.
FILE = "file"


def archive_records(file: BinaryIO, log_format: LogFormat, counts: LineCounts) -> Iterator[Row]:
    """The rows of all columns of the same length; texts and other arrays are left out.

    Raises:
        LogError: the file is no archive that NumPy can read without pickle, or it is too large.
    """
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            size = sum(one.file_size for one in archive.infolist())
        file.seek(0)
        columns = read_columns(file) if size <= LARGEST else None
    except Exception as error:
        # A damaged archive raises errors of zipfile, zlib, struct, tokenize and NumPy.
        raise LogError(FILE, f"expected an archive that NumPy can read, which it is not ({error})") from error
    if columns is None:
        raise LogError(FILE, must_be("the size of an archive", f"{size:,}", f"at most {LARGEST:,} bytes"))
    length = max((len(column) for column in columns.values()), default=0)
    used = {key: column for key, column in columns.items() if len(column) == length}
    for first in range(0, length, BLOCK):
        block = [column[first : first + BLOCK].tolist() for column in used.values()]
        for number, cells in enumerate(zip(*block, strict=True), first + 1):
            counts.lines = number
            yield number, dict(zip(used, cells, strict=True))


def read_columns(file: BinaryIO) -> dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]:
    """The arrays with one axis, of numbers or texts."""
    with np.load(file, allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files}
    return {name: array for name, array in found.items() if array.ndim == 1 and array.dtype.kind in "fiuU"}
