"""One word for one thing: words that were given up must not come back, in names, in links or on the page."""

import re
from pathlib import Path
from typing import NamedTuple

from tests.source.every_file import for_every
from tests.source.files import BENCHMARKS, PYTHON, ROOT, SCRIPTS, STYLES, TEMPLATES, TESTS, short_path, text

LESSONS = sorted((ROOT / "templates" / "lessons").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BUILD = [ROOT / name for name in ("Makefile", "Dockerfile", ".ci/run", "setup.py", "pyproject.toml")]
# This file contains the words themselves.
OTHER_TESTS = [*(path for path in TESTS if path != Path(__file__)), *sorted((ROOT / "tests" / "data").iterdir())]
TEXTS = [*PYTHON, *BENCHMARKS, *OTHER_TESTS, *SCRIPTS, *STYLES, *TEMPLATES, *LESSONS, *PAGES, *BUILD]
# In the library and in what computes with it, a lane is a row of a batch. Elsewhere it would be one of two runs.
BATCHES = ("landscapes/", "benchmarks/", "app/compute/", "app/frames/", "app/runs/", "routes.py")


class Word(NamedTuple):
    """A word that was given up: a pattern of lower-case words, what to say instead, and where it is still allowed.

    A folder for which a word is allowed includes its tests.
    """

    pattern: str
    instead: str
    allowed: tuple[str, ...] = ()


WORDS = [
    Word(r"fates?", "Say outcome, and outcome map for the picture."),
    Word(r"twins?", "Say pair, or both runs: the unclipped and the clipped one."),
    Word(r"lanes?", "Say run. A lane is a row of a batch and nothing else.", BATCHES),
    Word(r"fore(tell|tells|told|telling)", "Say predict, predicted."),
    Word(r"slope promised|promised change", "Say predicted change."),
    Word(r"tall(y|ies|ied)", "Say run summary."),
    Word(r"hang(s|ing)? on", "Say depends on, and depends_on in code."),
    Word(r"veil(s|ed)?", "Say hidden until predicted."),
    Word(r"wish(es|ed)?", "Say request."),
    Word(r"crawl(s|ing)?", "Say not converged."),
    Word(r"stuck", "Say stalled."),
    Word(r"(leaves?|left|leaving) the numbers", "Say overflows, or diverges where the loss is Inf or NaN."),
    # Emitted kernels keep their words: their source is compared byte for byte.
    Word(r"what (becomes|became) of", "Say outcome of, or name the quantity.", ("landscapes/backends/kernels.py",)),
    Word(r"strides", "Say run measurements; strides are those of an array.", ("landscapes/",)),
    Word(r"surveys?", "Say surface measurements."),
    Word(r"shel(f|ves)", "Say collection, or lessons."),
    Word(r"workbench", "Say engine."),
    Word(r"forget looks|looks of runs", "Say run style."),
    Word(r"steady view", "Say scroll anchor."),
    Word(r"told(?! apart| from)", "Say predicted, revealed, reported or distinguished."),
    Word(r"beginnings?", "Say start."),
    Word(r"rectangles?", "Say window, or bounds; a rectangle is one of pixels.", ("static/js/",)),
    Word(r"bends?|bent", "Say curvature, or curved."),
    Word(r"loss went", "Say actual change."),
    Word(r"courses?", "Say sweep recipe."),
    Word(r"evidence", "Say headless run."),
]
# Names of functions are verbs, or the noun that they return.
PARTICIPLES = (
    r"begun(?:_\w+|[A-Z]\w*)?|chosen|explained|fetched|filled|found|grown|held|joined|knowing|linked|made|madeOf|moved|"
    r"parted|refused|remembered|sampled|seen|shifted|sized|spanned|stepped|switched|told|written"
)
FUNCTION = re.compile(rf"\b(?:def|function) (?:{PARTICIPLES})\(")
# Names whose words alone are plain English.
NAMES = re.compile(r"\b(made_of|madeOf|run_tall\w+)\b")


def words(written: str) -> str:
    """A text in lower case with single spaces: names taken apart, without the marks that start lines of comments."""
    lines = (re.sub(r"^\s*(?:#|//|/?\*+|;)\s", " ", line) for line in written.splitlines())
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-]", " ", " ".join(lines))
    return " ".join(apart.split()).lower()


def places(pattern: str, written: str) -> list[str]:
    """Where a pattern occurs, with some words around it."""
    found = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", written)
    return [f"... {written[max(0, one.start() - 30) : one.end() + 30]} ..." for one in found]


@for_every(TEXTS)
def test_words_that_were_given_up(path: Path) -> None:
    written = words(f"{short_path(path)} {text(path)}")
    found = {
        f"{place} {word.instead}"
        for word in WORDS
        if not short_path(path).removeprefix("tests/").startswith(word.allowed)
        for place in places(word.pattern, written)
    }
    assert sorted(found) == []


@for_every([*PYTHON, *BENCHMARKS, *OTHER_TESTS, *SCRIPTS])
def test_functions_are_named_by_verbs_or_nouns(path: Path) -> None:
    assert [one[0] for one in FUNCTION.finditer(text(path))] == []
    assert NAMES.findall(text(path)) == []


def test_names_are_taken_apart() -> None:
    written = words("# A run that left the\n    # numbers: fateMap(HANGS_ON)\n * and a twin-frame, made_of it")
    assert written == "a run that left the numbers: fate map(hangs on) and a twin frame, made of it"
    found = [word.pattern for word in WORDS if places(word.pattern, written)]
    assert found == ["fates?", "twins?", "hang(s|ing)? on", "(leaves?|left|leaving) the numbers"]
    assert not places("fates?", "a fateful step")


def test_a_participle_as_a_name_is_found() -> None:
    for line in ("def begun(scene)", "def begun_row(row)", "export function knowing(scene)", "function madeOf(kind)"):
        assert FUNCTION.search(line)
    assert not FUNCTION.search("def sized_cache(limit)") and not FUNCTION.search("made(scene)")
