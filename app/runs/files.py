"""Files: columns of numbers as CSV text and as NumPy archives."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cliffscape.app.scene.metadata import metadata
from cliffscape.app.scene.schema import Scene

Columns = Mapping[str, NDArray[Any]]


def csv_chunks(columns: Columns, rows: int) -> Iterator[bytes]:
    """Comma-separated values: a header line, then ``rows`` lines at a time.

    Numbers read back to the same bits; Inf and NaN are written as inf and nan.
    """
    yield csv_lines([list(columns)])
    for first in range(0, len(next(iter(columns.values()))), rows):
        part = (column[first : first + rows].tolist() for column in columns.values())
        yield csv_lines(zip(*part, strict=True))


def csv_metadata(scene: Scene) -> bytes:
    """The Scene's link and the version as a comment, for the first line of a CSV file."""
    return "# Cliffscape {version} {link}\n".format(**metadata(scene)).encode()


def csv_lines(rows: Any) -> bytes:
    """Rows of values as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def npz_bytes(scene: Scene, arrays: Columns, compress: bool = False) -> bytes:
    """The arrays, and the Scene as JSON text with its link and the version, as an archive that loads without pickle."""
    content = io.BytesIO()
    save = np.savez_compressed if compress else np.savez
    save(content, allow_pickle=False, **about_scene(scene), **arrays)
    return content.getvalue()


def about_scene(scene: Scene) -> Columns:
    """What a NumPy archive says about itself: the Scene as JSON text, its link and the version."""
    about = {"scene": scene.model_dump_json(), **metadata(scene)}
    return {name: np.array(text) for name, text in about.items()}
