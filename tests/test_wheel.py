"""The wheel: installed next to other packages named ``app`` and ``landscapes``, it serves, runs and checks.

The environment holds only the wheel; the dependencies are those of the environment that runs the tests.
"""

import email
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.source.files import PYTHON, ROOT, short_path

CONTENT = ["app", "cliffscape", "landscapes", "static", "templates"]
METADATA = ["LICENSE", "README.md", "pyproject.toml", "setup.py"]
LESSONS = {path.stem for path in (ROOT / "templates" / "lessons").glob("*.md")}
# Only the first fact of every lesson: tests/test_bundled_lessons.py checks all.
VISITOR = """
import contextlib, io, itertools, json, re
import app, cliffscape, httpx2, landscapes
from fastapi.testclient import TestClient
from cliffscape.app.cli import cli
from cliffscape.app.lessons import facts
from cliffscape.app.main import create_app
from cliffscape.app.settings import Settings
import cliffscape.landscapes.catalogue as catalogue

with TestClient(create_app(Settings(warm=False, device="cpu", allowed_hosts="testserver"))) as client:
    page = client.get("/")
    script = re.search(r'src="(static/[^"]+/main.js)"', page.text)[1]
    style = re.search(r'href="(static/[^"]+[.]css)"', page.text)[1]
    pages = {"/": page, "script": client.get(script), "style": client.get(style)}
    pages["lesson"] = client.get(f"/?lesson={LESSON}")

with contextlib.redirect_stdout(io.StringIO()):
    shown = cliffscape.show("steps=7", open_tab=False)
pages["notebook"] = httpx2.get(shown.url)
shown.stop()

everything = facts.check_facts
facts.check_facts = lambda lesson: itertools.islice(everything(lesson), 1)
said = io.StringIO()
with contextlib.redirect_stdout(said):
    cli(["check-lessons", "--no-presets"], standalone_mode=False)
print(json.dumps({
    "files": [catalogue.__file__, facts.__file__],
    "strangers": [app.name, landscapes.name],
    "status": {name: answer.status_code for name, answer in pages.items()},
    "lesson": pages["lesson"].text,
    "checked": said.getvalue(),
    "rows": len(cliffscape.run("steps=7").clipped),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building leaves folders next to the sources, which would get into the wheel."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for folder in CONTENT:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return build(source, built)


def build(source: Path, built: Path, repository: str = "") -> Path:
    """The wheel of the code in ``source``, with the repository's own metadata."""
    for name in METADATA:
        shutil.copy(ROOT / name, source)
    project = source / "pyproject.toml"
    text = project.read_text("utf-8")
    project.write_text(re.sub(r'(?m)^repository = ".*"$', f'repository = "{repository}"', text), encoding="utf-8")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(built), str(source))
    [found] = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and the strangers; other packages come from that of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    pip("--python", str(python(folder)), "install", "--no-deps", "--no-index", "--no-compile", str(wheel))
    [packages] = folder.glob("lib/python*/site-packages")
    for stranger in ("app", "landscapes"):
        (packages / f"{stranger}.py").write_text(f"name = 'somebody else: {stranger}'\n", encoding="utf-8")
    # Only these paths: the files of an editable installation that lead to the checkout are not read.
    others = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "others.pth").write_text("\n".join(others), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def visit(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Responses of the installed application, run from another folder."""
    code = VISITOR.replace("{LESSON}", min(LESSONS))
    printed = run([str(python(environment)), "-c", code], tmp_path_factory.mktemp("elsewhere"))
    found: dict[str, Any] = json.loads(printed)
    return found


def pip(*arguments: str) -> None:
    """Run the pip of the tests' environment, offline."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", *quiet, *arguments], check=True, cwd=ROOT.parent)


def python(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / "bin" / "python"


def run(command: list[str], folder: Path) -> str:
    """Standard output of a command, run without the Python paths and settings of the tests."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "CLIFFSCAPE_"))}
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_all_files_under_one_name(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    served = [path for folder in ("static", "templates") for path in (ROOT / folder).rglob("*") if path.is_file()]
    expected = {f"cliffscape/{short_path(path)}" for path in [*PYTHON, *(ROOT / "landscapes").rglob("*.c"), *served]}
    assert names == {*expected, "cliffscape/__init__.py"}


def test_the_imported_modules_come_from_the_wheel(environment: Path, visit: dict[str, Any]) -> None:
    [packages] = environment.glob("lib/python*/site-packages")
    assert all(file.startswith(str(packages / "cliffscape")) for file in visit["files"])


def test_other_packages_keep_their_names(visit: dict[str, Any]) -> None:
    assert visit["strangers"] == ["somebody else: app", "somebody else: landscapes"]


def test_pages_scripts_and_styles_are_served(visit: dict[str, Any]) -> None:
    assert visit["status"] == {"/": 200, "script": 200, "style": 200, "lesson": 200, "notebook": 200}


def test_a_link_is_run_in_python(visit: dict[str, Any]) -> None:
    assert visit["rows"] == 8


def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    [name] = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA")]
    return email.message_from_bytes(zipfile.ZipFile(wheel).read(name))


def test_with_an_address_of_the_repository_no_link_on_the_index_is_relative(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for folder in CONTENT:
        (source / folder).mkdir(parents=True)
        (source / folder / "__init__.py").touch()
    about = metadata(build(source, tmp_path, "https://example.org/owner/cliffscape"))
    shown = {line.split(", ")[0]: line.split(", ")[1] for line in about.get_all("Project-URL") or []}
    assert shown == {
        "Homepage": "https://example.org/owner/cliffscape",
        "Documentation": "https://example.org/owner/cliffscape/tree/v0.1.0/docs",
        "Issues": "https://example.org/owner/cliffscape/issues",
    }
    text = about.get_payload()
    assert isinstance(text, str)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 20 and all(link.startswith("https://") for link in links)
    files = [link.split("/v0.1.0/")[1].split("#")[0] for link in links if "example.org" in link]
    assert files and all((ROOT / file).is_file() for file in files)
    assert "(https://example.org/owner/cliffscape/raw/v0.1.0/docs/cliffscape.png)" in text


def test_the_index_learns_what_it_is(wheel: Path) -> None:
    about = metadata(wheel)
    assert about["Name"] == "cliffscape" and about["License-Expression"] == "MIT"
    assert about.get_all("Provides-Extra") == ["weights", "notebook", "cluster", "logs", "test"]
    assert "gradient clipping" in about["Keywords"]
    assert "Framework :: Jupyter" in (about.get_all("Classifier") or [])
    assert about["Description-Content-Type"] == "text/markdown"


def test_a_lesson_opens_and_all_are_listed(visit: dict[str, Any]) -> None:
    assert [name for name in LESSONS if name not in visit["lesson"]] == []


def test_all_lessons_are_checked(visit: dict[str, Any]) -> None:
    lines = visit["checked"].splitlines()
    assert {line.partition(".md:")[0] for line in lines} == LESSONS
    assert all(": holds " in line for line in lines)


def test_the_console_script_runs_a_link(environment: Path, tmp_path: Path) -> None:
    link = "http://127.0.0.1:8000/?landscape=ravine&steps=7"
    table = run([str(environment / "bin" / "cliffscape"), "run", link], tmp_path)
    assert len(table.splitlines()) == 2 + 2 * 8
