"""The cache of compiled libraries: files in a folder of the user, which several servers and later ones share.

Loading a library runs its code. So the folder must belong to this user and be closed to others, and a file is loaded
only if it does too and its content has the hash in its name. A server that is killed leaves no other files: it compiles
in this folder as well, and the next one tidies up.
"""

import contextlib
import ctypes
import hashlib
import logging
import os
import platform
import shutil
import stat
import tempfile
import time
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from cliffscape.landscapes.backends.c_compiler import (
    ATTEMPTS,
    compile_library,
    compiler,
    compiler_version,
    load_temporary,
)

logger = logging.getLogger(__name__)
LOCK_SECONDS = 10
# A compiler is killed long before, so such a folder is one that a killed server has left.
ABANDONED_SECONDS = 3600
BUILD = "build-"
CPU_INFO = Path("/proc/cpuinfo")


def default_folder() -> Path | None:
    """The user's folder for caches, or None for a user without a home."""
    folder = platformdirs.user_cache_path("cliffscape")
    # Without HOME and without an entry in the list of users, the path still begins with "~".
    return folder if folder.is_absolute() else None


def machine() -> str:
    """This machine's processor: libraries use its instructions, and a home may be shared with other machines."""
    try:
        first = CPU_INFO.read_text("utf-8", "replace").partition("\n\n")[0].splitlines()
    except OSError:
        return " ".join(platform.uname())
    kept = [line for line in first if line.startswith(("model name", "flags", "Features", "CPU "))]
    return "\n".join([platform.system(), platform.machine(), *kept])


def is_private(status: os.stat_result) -> bool:
    """Whether a file belongs to this user, and nobody else can write to it."""
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def is_intact(path: Path) -> bool:
    """Whether a library is a file of this user, and has the content that its name says."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or not is_private(status):
            return False
        return path.stem.rpartition("-")[2] == hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return False


class LibraryCache:
    """Libraries by their C text and their compiler, at most ``most`` bytes in ``folder``."""

    def __init__(self, folder: Path | None, most: int) -> None:
        base = folder or default_folder()
        self.folder = None if base is None else base / "routines"
        self.most = most

    def load(self, text: str) -> ctypes.CDLL | None:
        """The library of a C text, from the cache or compiled, or None if it cannot be compiled."""
        program = compiler()
        if program is None:
            return None
        try:
            folder = self._open()
            if folder is None:
                return load_temporary(text)
            parts = (program, compiler_version(program), str(ATTEMPTS), machine(), text)
            key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
            return self._find(folder, key) or self._compile(folder, key, text)
        except OSError as error:
            # The folder is full or cannot be written to.
            logger.info("compiled routines are not stored: %s", error)
            return load_temporary(text)

    def _open(self) -> Path | None:
        """The folder, or None if it is not safe to load libraries from."""
        folder = self.folder
        if folder is None or not hasattr(os, "geteuid"):
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return None
        if status.st_mode & 0o077:
            folder.chmod(0o700)
        return None if os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0) else folder

    def _find(self, folder: Path, key: str) -> ctypes.CDLL | None:
        for path in folder.glob(f"{key}-*.so"):
            with contextlib.suppress(OSError):
                if is_intact(path):
                    library = ctypes.CDLL(str(path))
                    # The oldest files are deleted first. A folder that cannot be written to keeps all.
                    with contextlib.suppress(OSError):
                        os.utime(path)
                    return library
                path.unlink()
        return None

    def _compile(self, folder: Path, key: str, text: str) -> ctypes.CDLL | None:
        with tempfile.TemporaryDirectory(prefix=BUILD, dir=folder, ignore_cleanup_errors=True) as build:
            path = compile_library(text, Path(build))
            if path is None:
                return None
            library = ctypes.CDLL(str(path))
            with contextlib.suppress(OSError, Timeout), FileLock(folder / "lock", LOCK_SECONDS, mode=0o600):
                path.chmod(0o600)
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                path.replace(folder / f"{key}-{digest}.so")
                self._tidy(folder)
            return library

    def _tidy(self, folder: Path) -> None:
        """Delete what killed servers have left, and the libraries that were not used for longest if there are many."""
        for build in folder.glob(f"{BUILD}*"):
            if time.time() - build.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(build, ignore_errors=True)
        libraries = [(path, path.stat()) for path in folder.glob("*.so")]
        total = sum(status.st_size for _, status in libraries)
        for path, status in sorted(libraries, key=lambda one: one[1].st_mtime):
            if total <= self.most:
                return
            path.unlink()
            total -= status.st_size
