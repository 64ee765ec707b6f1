"""Properties of the image, read from the Dockerfile: no container engine is needed here."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """Every instruction as (word, rest), without comments, and with continued lines joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.M)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def last_stage(instructions: list[tuple[str, str]]) -> dict[str, str]:
    """The last stage's instructions by word; of several with one word, the last."""
    start = max(index for index, (word, _) in enumerate(instructions) if word == "FROM")
    return dict(instructions[start:])


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_is_built_in_stages(instructions: list[tuple[str, str]]) -> None:
    stages = [rest for word, rest in instructions if word == "FROM"]
    assert len(stages) == 2
    assert all(re.match(r"python:\S+-slim", stage) for stage in stages)
    assert "--from=builder" in last_stage(instructions)["COPY"]


def test_the_server_runs_as_a_numbered_user(instructions: list[tuple[str, str]]) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last_stage(instructions)["USER"])


def test_the_command_needs_no_shell(instructions: list[tuple[str, str]]) -> None:
    assert json.loads(last_stage(instructions)["CMD"]) == ["cliffscape", "serve", "--host", "0.0.0.0"]


def test_the_health_check_needs_only_python(instructions: list[tuple[str, str]]) -> None:
    options, _, command = last_stage(instructions)["HEALTHCHECK"].partition("CMD ")
    program, flag, code = json.loads(command)
    assert "--timeout=" in options
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code


def test_an_argument_chooses_the_torch_build(instructions: list[tuple[str, str]]) -> None:
    assert ("ARG", 'TORCH_INDEX_URL=""') in instructions
    installs = [rest for word, rest in instructions if word == "RUN" and "pip install" in rest]
    assert '--index-url "$TORCH_INDEX_URL"' in installs[0]
    # The same pattern as the Dockerfile's grep: it must find the one pin there is.
    pins = re.findall(r'torch>=[^"]*', (ROOT / "pyproject.toml").read_text())
    assert pins == [line for line in declared_dependencies() if line.startswith("torch")]


def declared_dependencies() -> list[str]:
    """The project's run-time dependencies."""
    listed: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    return listed


def test_the_image_contains_all_served_files(instructions: list[tuple[str, str]]) -> None:
    copied = " ".join(rest for word, rest in instructions if word == "COPY").split()
    assert {"cliffscape", "landscapes", "app", "static", "templates"} <= set(copied)
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.M)
    assert set(let_in) <= set(copied)


def test_the_installation_finds_code_that_is_copied_later(tmp_path: Path, instructions: list[tuple[str, str]]) -> None:
    """The editable installation of the Dockerfile's folders while they are empty."""
    made = next(rest for word, rest in instructions if word == "RUN" and rest.startswith("mkdir"))
    for folder in made.partition("&&")[0].split()[1:]:
        (tmp_path / folder).mkdir()
    shutil.copytree(ROOT / "cliffscape", tmp_path / "cliffscape")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    build = "from setuptools.build_meta import build_editable; build_editable('.')"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        [finder] = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("finder.py"))
    for package in ("app", "landscapes"):
        assert f"'cliffscape.{package}': '{tmp_path / package}'" in finder


def test_dependencies_are_installed_before_the_code_is_copied(instructions: list[tuple[str, str]]) -> None:
    order = [rest for word, rest in instructions if word in ("RUN", "COPY")]
    after = [(first, second) for first, second in pairwise(order) if second.startswith("landscapes")]
    assert "pip install" in after[0][0]
