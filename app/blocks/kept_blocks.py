"""Kept blocks: the results of blocks as files in a folder, which belongs to one piece of work."""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from cliffscape.landscapes.bound_error import BoundError

CLAIM, LOCK, UNFINISHED = "cliffscape.json", "lock", ".part"
# Under this name a block says what it belongs to.
KEY = "key"
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Claim:
    """What a folder belongs to: the kind of work, its description for a person, the version, and a key of all of it."""

    about: str
    description: str
    version: str
    key: str

    def __str__(self) -> str:
        return f"{self.about} {self.description} of Cliffscape {self.version}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is either whole or absent, even if this process is killed."""
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_bytes(content)
    unfinished.replace(path)


class KeptBlocks:
    """The blocks of one piece of work in a folder, ``name.npz`` each, with its key. ``option`` names the folder."""

    def __init__(self, folder: Path, claim: Claim, option: str = "--out") -> None:
        self.folder, self.claim, self.option = folder, claim, option

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Use the folder alone during the block: claim it, or continue with what it holds.

        Raises:
            BoundError: it belongs to other work, or another process uses it.
            OSError: it cannot be written to.
        """
        self.check()
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            bound = "a place where no other command writes at the moment"
            raise BoundError(self.option, self.folder, bound) from None
        try:
            # Another process may have claimed it in the meantime.
            self.check()
            if not (self.folder / CLAIM).exists():
                write_atomically(self.folder / CLAIM, json.dumps(asdict(self.claim), ensure_ascii=False).encode())
            yield
        finally:
            lock.release()

    def check(self) -> None:
        """Check that the folder is empty or absent, or belongs to this work.

        Raises:
            BoundError: it does not.
        """
        if not self.folder.exists():
            return
        bound = f"one whose folder {self.folder.name} is absent, empty, or that of {self.claim}"
        try:
            found = Claim(**json.loads((self.folder / CLAIM).read_text(encoding="utf-8")))
        except FileNotFoundError:
            if self.folder.is_dir() and all(path.name == LOCK for path in self.folder.iterdir()):
                return
            raise BoundError(self.option, f"{self.folder}, which holds other files", bound) from None
        except (OSError, ValueError, TypeError):
            raise BoundError(self.option, f"{self.folder}, which holds something else", bound) from None
        if found != self.claim:
            same = " with other options" if str(found) == str(self.claim) else ""
            raise BoundError(self.option, f"{self.folder}, which holds {found}{same}", bound)

    def path(self, name: str) -> Path:
        """The file of a block."""
        return self.folder / f"{name}.npz"

    def keep(self, name: str, arrays: Arrays) -> None:
        """Write a block's result."""
        path = self.path(name)
        unfinished = path.with_name(path.name + UNFINISHED)
        with unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, **{KEY: np.array(f"{self.claim.key} {name}")}, **arrays)
        unfinished.replace(path)

    def holds(self, name: str) -> bool:
        """Whether a block is kept and whole; one that is not is deleted."""
        try:
            self.load(name)
        except FileNotFoundError:
            return False
        except (BadZipFile, EOFError, KeyError, OSError, ValueError):
            self.path(name).unlink()
            return False
        return True

    def load(self, name: str, *columns: str) -> Arrays:
        """A block's arrays, or some of them. Every byte that is read is compared with its checksum.

        Raises:
            ValueError: the file is that of another block.
            Exception: the file is absent, or not whole.
        """
        # NumPy does not close a file that it cannot read.
        with self.path(name).open("rb") as content, np.load(content, allow_pickle=False) as file:
            if str(file[KEY]) != f"{self.claim.key} {name}":
                raise ValueError(f"{self.path(name)} is another block")
            return {column: file[column] for column in columns or file.files if column != KEY}

    def size(self) -> int:
        """Bytes of the folder."""
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def remove(self) -> None:
        """Delete the folder with all its blocks."""
        shutil.rmtree(self.folder)
