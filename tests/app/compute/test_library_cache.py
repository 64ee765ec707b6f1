"""The cache of compiled libraries: later servers use it, and no broken or foreign file is ever loaded."""

import ctypes
import hashlib
import os
import shutil
import stat
import threading
import time
from pathlib import Path

import platformdirs
import pytest
from filelock import FileLock

from cliffscape.app.compute import library_cache
from cliffscape.app.compute.library_cache import LibraryCache
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine
from cliffscape.landscapes.backends.c_compiler import compile_library
from tests.routes import needs_compiler

pytestmark = needs_compiler
LARGE = 64 << 20


def program(number: int) -> str:
    """A C text whose function returns a number."""
    return f"int answer(void) {{ return {number}; }}\n"


def answer(library: ctypes.CDLL | None) -> int:
    """The number that a library returns."""
    assert library is not None
    number: int = library.answer()
    return number


def libraries(folder: Path) -> list[Path]:
    """The files of libraries in a cache, the newest last."""
    return sorted((folder / "routines").glob("*.so"), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are compiled during a test."""
    texts: list[str] = []

    def count(text: str, folder: Path) -> Path | None:
        texts.append(text)
        return compile_library(text, folder)

    monkeypatch.setattr(library_cache, "compile_library", count)
    return texts


def test_a_later_server_loads_what_an_earlier_one_has_compiled(tmp_path: Path, compiled: list[str]) -> None:
    assert answer(LibraryCache(tmp_path, LARGE).load(program(1))) == 1
    assert answer(LibraryCache(tmp_path, LARGE).load(program(1))) == 1
    assert answer(LibraryCache(tmp_path, LARGE).load(program(2))) == 2
    assert compiled == [program(1), program(2)]


def test_only_this_user_can_read_the_folder_and_nothing_but_libraries_stays(tmp_path: Path) -> None:
    LibraryCache(tmp_path, LARGE).load(program(3))
    folder = tmp_path / "routines"
    [library] = libraries(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(library.stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} <= {library.name, "lock"}


def test_a_folder_that_others_can_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "routines").mkdir(mode=0o755)
    assert answer(LibraryCache(tmp_path, LARGE).load(program(4))) == 4
    assert stat.S_IMODE((tmp_path / "routines").stat().st_mode) == 0o700


@pytest.mark.parametrize("change", ["compiler_version", "machine"])
def test_another_compiler_or_processor_has_libraries_of_its_own(
    change: str, tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    LibraryCache(tmp_path, LARGE).load(program(5))
    monkeypatch.setattr(library_cache, change, lambda *_: "another")
    LibraryCache(tmp_path, LARGE).load(program(5))
    assert len(compiled) == len(libraries(tmp_path)) == 2


def plant(path: Path, folder: Path) -> None:
    """Replace a library by another one, whose function returns 666."""
    folder.mkdir()
    other = compile_library(program(666), folder)
    assert other is not None
    # A new file, as another program would write it: the old one is still loaded.
    path.unlink()
    shutil.copy(other, path)
    path.chmod(0o600)


@pytest.mark.parametrize("fault", ["empty", "cut", "other", "writable", "link", "owner"])
def test_a_broken_or_foreign_file_is_never_loaded(
    fault: str, tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    LibraryCache(tmp_path, LARGE).load(program(7))
    [path] = libraries(tmp_path)
    content = path.read_bytes()
    if fault in ("empty", "cut"):
        path.unlink()
        path.write_bytes(content[: len(content) // 2] if fault == "cut" else b"")
    elif fault == "other":
        plant(path, tmp_path / "elsewhere")
    elif fault == "writable":
        path.chmod(0o666)
    elif fault == "link":
        path.rename(tmp_path / "library")
        path.symlink_to(tmp_path / "library")
    else:
        monkeypatch.setattr(library_cache, "is_private", lambda status: False)
    assert answer(LibraryCache(tmp_path, LARGE).load(program(7))) == 7
    # It was compiled again, and replaced.
    assert compiled == [program(7)] * 2
    [path] = libraries(tmp_path)
    assert not path.is_symlink()
    assert path.stem.endswith(hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("fault", ["link", "owner"])
def test_a_folder_of_somebody_else_is_not_used(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "routines"
    if fault == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.mkdir()
        # As if this process belonged to another user.
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert answer(LibraryCache(tmp_path, LARGE).load(program(8))) == 8
    assert list(folder.iterdir()) == []


def test_the_libraries_that_were_not_used_for_longest_are_deleted(tmp_path: Path) -> None:
    cache = LibraryCache(tmp_path, LARGE)
    for number in range(3):
        cache.load(program(number))
    first, second, third = libraries(tmp_path)
    for age, path in enumerate((third, second, first)):
        os.utime(path, (1000 - age, 1000 - age))
    assert answer(cache.load(program(0))) == 0
    cache.most = sum(path.stat().st_size for path in (first, third)) + 100
    cache.load(program(9))
    assert [path in libraries(tmp_path) for path in (first, second, third)] == [True, False, False]


def test_what_killed_servers_have_left_is_deleted(tmp_path: Path) -> None:
    old, new = tmp_path / "routines" / "build-old", tmp_path / "routines" / "build-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, time.time() - 2 * library_cache.ABANDONED_SECONDS))
    LibraryCache(tmp_path, LARGE).load(program(10))
    assert (old.exists(), new.exists()) == (False, True)


def test_a_lock_that_another_server_holds_for_long_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_cache, "LOCK_SECONDS", 0.05)
    (tmp_path / "routines").mkdir()
    with FileLock(tmp_path / "routines" / "lock"):
        assert answer(LibraryCache(tmp_path, LARGE).load(program(11))) == 11
    assert libraries(tmp_path) == []


def test_many_servers_at_once_share_one_folder(tmp_path: Path) -> None:
    found: list[int] = []

    def load() -> None:
        for number in range(20, 24):
            found.append(answer(LibraryCache(tmp_path, LARGE).load(program(number))))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted([20, 21, 22, 23] * 4)


@pytest.mark.parametrize("fault", ["no home", "read-only", "full", "a file"])
def test_without_a_folder_libraries_are_temporary(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder: Path | None = tmp_path / "cache"
    if fault == "no home":
        monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: Path("~/.cache") / name)
        folder = None
    elif fault == "a file":
        (tmp_path / "cache").write_text("")
    else:

        def fail(*_: object, **__: object) -> None:
            raise OSError(30 if fault == "read-only" else 28, "Read-only file system")

        monkeypatch.setattr(library_cache.tempfile, "TemporaryDirectory", fail)
        monkeypatch.setattr(library_cache, "load_temporary", lambda text: ctypes.CDLL(None))
        assert LibraryCache(folder, LARGE).load(program(12)) is not None
        return
    assert answer(LibraryCache(folder, LARGE).load(program(12))) == 12
    assert not Path("~").exists()


def test_the_server_uses_the_folder_of_the_settings(tmp_path: Path) -> None:
    engine = ProcessEngine(Settings(cache_folder=tmp_path, device="cpu", library_bytes=0))
    assert answer(engine.workspace.routines.load(program(13))) == 13
    # Nothing is kept within 0 bytes.
    assert (tmp_path / "routines").is_dir() and libraries(tmp_path) == []


def test_the_tests_do_not_use_the_users_own_cache() -> None:
    own = Settings().cache_folder
    assert own is not None and own != library_cache.default_folder()
