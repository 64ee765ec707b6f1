"""Layers: which folder may import which, and where formulas may be written."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.source import javascript, python
from tests.source.every_file import for_every
from tests.source.files import APPLICATION, BENCHMARKS, LIBRARY, PYTHON, ROOT, SCRIPTS, TESTS, short_path, text
from tests.source.tested_elsewhere import APP_TESTED_ELSEWHERE

# A folder or a module imports only from those before it in its list, and from itself.
LANDSCAPES = [
    *(
        "declare",
        "bound_error",
        "generators",
        "transform",
        "random_streams",
        "clips",
        "chain",
        "group",
        "loss",
        "derivatives",
    ),
    *("optimizers", "surfaces", "formula", "catalogue", "tracing", "descent", "backends", "analysis", "networks"),
    "slices",
    "models",
    "advice",
]
APP = [
    *("settings", "signals", "terminal", "listener", "submodules"),
    "logs",
    "compute",
    "scene",
    "landscape_files",
    "models",
    "runs",
    "frames",
    "exports",
    "lessons",
    "linked_scene",
    "command",
    "advice",
    *("blocks", "large_maps", "training_studies"),
    "web",
    "cluster",
    "block_commands",
    "main",
    "server",
    "notebook",
    "cli",
]
VIEWS = [
    "elements",
    "files",
    "canvas",
    "paths",
    "map",
    "relief",
    "curves",
    "controls",
    "gallery",
    "outcomes",
    "step",
    "studies",
    "headline",
    "network",
    "lesson",
    "figure",
    "animation",
    "export",
    "share",
    "transport",
    "page",
    "your_run",
]
# The page's scripts: what each folder may import. The scripts at the top connect them.
SCRIPT_FOLDERS = {"state": {"state"}, "api": {"api", "state"}, "views": {"views", "state"}}

# Packages that the library needs; the application adds its web framework, which the library never imports.
ALLOWED = {"torch", "numpy", "cliffscape"} | sys.stdlib_module_names
# A text without code, and empty packages.
TESTED_ELSEWHERE = {"sample", "__init__"}


def imported_scripts(path: Path) -> set[Path]:
    """Local modules that a script imports."""
    return {(path.parent / address).resolve() for address in javascript.imports(text(path))}


def member(path: Path, folder: Path) -> str:
    """The folder or module directly inside ``folder`` that a file belongs to; empty if it is not below ``folder``."""
    if folder not in path.parents or (path.name == "__init__.py" and path.parent == folder):
        return ""
    return path.relative_to(folder).parts[0].removesuffix(path.suffix)


def imports_against(
    order: list[str], folder: Path, paths: Iterable[Path], imported: Callable[[Path], set[Path]]
) -> list[str]:
    """Imports from a member of ``order`` to a later one."""
    wrong = []
    for path in paths:
        for target in sorted(imported(path)):
            here, there = member(path, folder), member(target, folder)
            if here and there and order.index(there) > order.index(here):
                wrong.append(f"{short_path(path)} imports {short_path(target)}")
    return wrong


def circle(paths: Iterable[Path], imported: Callable[[Path], set[Path]]) -> list[str]:
    """The files of one circle of imports; empty if there is none."""
    graph = {path: imported(path) & set(paths) for path in paths}
    done: set[Path] = set()

    def search(path: Path, trail: list[Path]) -> list[Path]:
        if path in trail:
            return [*trail[trail.index(path) :], path]
        if path in done:
            return []
        for target in sorted(graph[path]):
            if found := search(target, [*trail, path]):
                return found
        done.add(path)
        return []

    return next(([short_path(path) for path in found] for start in graph if (found := search(start, []))), [])


@pytest.mark.parametrize(
    ("order", "folder"),
    [(LANDSCAPES, "landscapes"), (APP, "app"), (VIEWS, "static/js/views")],
    ids=["landscapes", "app", "views"],
)
def test_every_folder_and_module_has_its_place_in_the_order(order: list[str], folder: str) -> None:
    paths = [path for path in (*PYTHON, *SCRIPTS) if (ROOT / folder) in path.parents]
    members = {member(path, ROOT / folder) for path in paths} - {""}
    assert members == set(order)


def test_the_library_imports_in_one_direction() -> None:
    assert imports_against(LANDSCAPES, ROOT / "landscapes", LIBRARY, python.imported_files) == []


def test_the_application_imports_in_one_direction() -> None:
    assert imports_against(APP, ROOT / "app", APPLICATION, python.imported_files) == []


def test_the_views_import_in_one_direction() -> None:
    assert imports_against(VIEWS, ROOT / "static" / "js" / "views", SCRIPTS, imported_scripts) == []


def test_no_python_files_import_each_other_in_a_circle() -> None:
    assert circle(PYTHON, python.imported_files) == []


def test_no_scripts_import_each_other_in_a_circle() -> None:
    assert circle(SCRIPTS, imported_scripts) == []


@for_every(LIBRARY)
def test_landscapes_need_only_torch_and_numpy(path: Path) -> None:
    names = python.imports(path)
    assert {name.split(".")[0] for name in names} <= ALLOWED
    assert {name for name in names if name.startswith("cliffscape.app")} == set()


@for_every(APPLICATION)
def test_the_application_imports_neither_tests_nor_benchmarks(path: Path) -> None:
    assert {name.split(".")[0] for name in python.imports(path)} & {"tests", "benchmarks"} == set()


def test_the_application_uses_the_landscapes() -> None:
    used = {target for path in APPLICATION for target in python.imported_files(path)}
    assert used & set(LIBRARY)


@for_every([*PYTHON, *BENCHMARKS, *TESTS])
def test_there_is_one_import_name(path: Path) -> None:
    names = {name.split(".")[0] for name in python.imports(path)}
    assert names & {"app", "landscapes", "static", "templates"} == set()


def test_there_are_scripts_in_every_folder() -> None:
    assert {member(path, ROOT / "static" / "js") for path in SCRIPTS if path.parent.name != "js"} == set(SCRIPT_FOLDERS)


@for_every(SCRIPTS)
def test_api_and_views_never_import_each_other_and_state_imports_neither(path: Path) -> None:
    folder = ROOT / "static" / "js"
    members = {member(target, folder) for target in imported_scripts(path)} - {""}  # tests/static/test_vendor.py
    assert members <= SCRIPT_FOLDERS.get(member(path, folder), members)


@for_every(SCRIPTS)
def test_scripts_import_files_that_exist(path: Path) -> None:
    for target in imported_scripts(path):
        assert target.is_file(), f"{short_path(path)} imports {target.name}"


@for_every(SCRIPTS)
def test_scripts_hold_no_maths_of_the_domain(path: Path) -> None:
    """Formulas are traced from PyTorch. Logarithmic scales, pixels and the camera need log10, pow, hypot, sin."""
    code = "".join(token.text for token in javascript.tokens(text(path)))
    assert not re.findall(r"Math\.(?:exp|expm1|tanh|sinh|cosh)\b|\bsigmoid\b|\bsoftplus\b", code)


def modules_without_tests(paths: Iterable[Path]) -> set[str]:
    """Modules without a file of tests in the same place under tests."""
    modules = (path for path in paths if path.stem not in TESTED_ELSEWHERE)
    place = ROOT / "tests"
    return {
        short_path(path)
        for path in modules
        if not (place / path.relative_to(ROOT)).with_name(f"test_{path.name}").is_file()
    }


def test_every_module_of_the_landscapes_has_its_tests() -> None:
    assert modules_without_tests(LIBRARY) == set()


def test_every_module_of_the_application_has_its_tests_or_is_listed_with_those_that_cover_it() -> None:
    assert modules_without_tests(APPLICATION) == APP_TESTED_ELSEWHERE.keys()
    assert {name for name in APP_TESTED_ELSEWHERE.values() if not (ROOT / "tests" / name).is_file()} == set()
