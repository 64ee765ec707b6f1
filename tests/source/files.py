"""The files of the repository that the tests of its layout read."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LIBRARY = sorted((ROOT / "landscapes").rglob("*.py"))
APPLICATION = sorted((ROOT / "app").rglob("*.py"))
PYTHON = [*LIBRARY, *APPLICATION]
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def short_path(path: Path) -> str:
    """A file's path in the repository; also its name in the report of a test."""
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")
