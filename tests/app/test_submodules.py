"""Submodules: all modules of a package are imported, by name, on every folder of its search path."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from cliffscape.app.submodules import import_submodules


def write(folder: Path, name: str, text: str) -> None:
    """Write a module that is imported once and appends to the list in its package."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


def test_modules_and_inner_packages_are_imported_in_the_order_of_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = ModuleType("papers")
    package.__path__ = [str(tmp_path / "one"), str(tmp_path / "another")]
    package.imported = []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "papers", package)
    note = "import sys; sys.modules['papers'].imported.append(__name__)"
    places = [("another", "a"), ("one", "c"), ("one/b", "__init__"), ("one/b", "inner")]
    for folder, name in places:
        write(tmp_path / folder, name, note)
    names = ["papers.a", "papers.b", "papers.b.inner", "papers.c"]
    try:
        import_submodules(package)
        import_submodules(package)
        # Inner packages are listed by importing them.
        assert sorted(package.imported) == names
        assert [name for name in package.imported if name != "papers.b"] == [n for n in names if n != "papers.b"]
    finally:
        for name in names:
            sys.modules.pop(name, None)
