"""The loader: what a file registers, and what is wrong with files that cannot be used."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from cliffscape.app.landscape_files.landscape_file import LandscapeFile, LandscapeFileError
from cliffscape.app.landscape_files.loader import content_stamp, load_file
from cliffscape.landscapes.declare import PLAIN_DESCENT
from cliffscape.landscapes.loss import LANDSCAPES, Window
from tests.app.decoding import csv_rows
from tests.app.landscape_files.bad_files import BAD_FILES, CURVE, GOOD
from tests.processes.forked import run
from tests.source.files import ROOT


def load(content: str | bytes, name: str = "mine.py") -> None:
    """Load a file of this content."""
    load_file(LandscapeFile(Path("/somewhere") / name, content if isinstance(content, bytes) else content.encode()))


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES.values(), ids=BAD_FILES)
def test_the_error_names_the_file_and_the_line(content: str | bytes, sentence: str) -> None:
    with pytest.raises(LandscapeFileError) as caught:
        load(content)
    assert str(caught.value).startswith(sentence)
    assert "somewhere" not in str(caught.value)


def test_a_landscape_without_label_group_and_presets_has_those_of_the_default() -> None:
    load(GOOD)
    entry = LANDSCAPES["own_loss"]
    assert (entry.label, entry.group, entry.presets) == ("Own loss", "Yours", (PLAIN_DESCENT,))
    assert entry.presets[0].choices == {
        "optimizer": "gradient_descent",
        "clip": "by_norm",
        "optimizer.learning_rate": 0.1,
        "clip.threshold": 1.0,
        "steps": 60,
    }


def test_residuals_and_examples_load_too() -> None:
    load(
        GOOD.replace("start=", "squares=0.5, start=").replace(
            "return x**2 / 4 + depth * y**2", "return x - y, depth * y"
        )
    )
    examples = GOOD.replace("own_loss", "of_three").replace("start=", "examples=3, start=")
    load(examples.replace("x**2 / 4", "(x - torch.arange(3.0, dtype=x.dtype)) ** 2"))
    assert LANDSCAPES["own_loss"].loss()(LANDSCAPES["own_loss"].window.grid(2, 2)).shape == (2, 2)
    assert LANDSCAPES["of_three"].main == "minibatch_size"


def test_a_loss_of_one_parameter_loads_with_single_numbers() -> None:
    load(CURVE)
    entry = LANDSCAPES["own_curve"]
    assert (entry.window, entry.start, entry.minima()) == (Window(-3, 3), (2.5, 0), ((-1, 0),))
    assert (entry.axes, entry.curve, entry.no_kernel) == (("w",), True, "")
    # The program's points are (w, 0).
    assert entry.loss()(torch.tensor([[2.0, 0.0], [-1.0, 0.0]], dtype=torch.float64)).tolist() == [27, 0]


def test_the_stamp_follows_the_content() -> None:
    assert content_stamp() == ""
    load(GOOD)
    first = content_stamp()
    load(GOOD.replace("own_loss", "another"))
    assert len({"", first, content_stamp()}) == 3


def cliffscape(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, in which no Scene has been read before."""
    return run(*map(str, arguments))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of the user's own."""
    path = tmp_path / "mine.py"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_run_of_an_own_landscape_from_two_files(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(GOOD.replace("own_loss", "another_loss"), encoding="utf-8")
    query = "?landscape=another_loss&landscape.depth=3&start=1,1&optimizer.learning_rate=0.1&steps=1&runs=without"
    done = cliffscape("run", "--landscapes", file, "--landscapes", other, query)
    assert done.returncode == 0, done.stderr
    first, second = csv_rows(done.stdout)
    assert (float(first["x"]), float(first["y"])) == (1, 1)
    assert (float(second["x"]), float(second["y"])) == pytest.approx((1 - 0.1 / 2, 1 - 0.1 * 6), rel=1e-15)


def test_a_run_of_an_own_curve_and_its_script(file: Path) -> None:
    file.write_text(CURVE, encoding="utf-8")
    query = "?landscape=own_curve&start=2&window=-2.5,2.5&optimizer.learning_rate=0.01&steps=1&runs=without"
    done = cliffscape("run", "--landscapes", file, query)
    assert done.returncode == 0, done.stderr
    first, second = csv_rows(done.stdout)
    assert "y" not in first and float(first["x"]) == 2
    # The gradient is 8 w (w² − 1) + 2 (w + 1).
    assert float(second["x"]) == pytest.approx(2 - 0.01 * (8 * 2 * 3 + 2 * 3), rel=1e-15)
    script = cliffscape("export", "--landscapes", file, query, "--out", "-", "--kind", "py")
    assert script.returncode == 0, script.stderr
    ran = subprocess.run(
        [sys.executable, "-c", script.stdout], capture_output=True, text=True, check=False, timeout=100
    )
    assert ran.returncode == 0, ran.stderr
    assert second["x"] in ran.stdout


def test_a_script_of_an_own_landscape_contains_its_function_and_what_it_uses(file: Path) -> None:
    text = GOOD.replace("import torch\n", "import torch\nfrom math import *\n\nSCALE = 4\n")
    file.write_text(text.replace("x**2 / 4", "x**2 / SCALE + 0 * pi"), encoding="utf-8")
    done = cliffscape("export", "--landscapes", file, "?landscape=own_loss", "--out", "-", "--kind", "py")
    assert done.returncode == 0, done.stderr
    assert "def own_loss(" in done.stdout
    assert "return x**2 / SCALE + 0 * pi + depth * y**2" in done.stdout
    assert "SCALE = 4\n" in done.stdout
    assert "from math import pi\n" in done.stdout
    assert "cliffscape" not in done.stdout.split('"""')[2].lower()


def test_an_error_is_a_traceback_of_the_file_alone_and_a_sentence(file: Path) -> None:
    file.write_text(GOOD + "\ndef size():\n    return missing\n\nsize()\n", encoding="utf-8")
    done = cliffscape("run", "--landscapes", file, "?landscape=own_loss")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert [line.split(", ", 1)[1] for line in lines if line.startswith("  File")] == [
        "line 21, in <module>",
        "line 19, in size",
    ]
    assert "    return missing" in lines
    assert lines[-1] == "mine.py, line 19: NameError: name 'missing' is not defined"


def test_a_preset_that_is_no_scene_is_an_error(file: Path) -> None:
    preset = "presets=(descent_preset('Fast', 'Fast.', 0.1, 1.0, 0),), start="
    text = GOOD.replace("Range, landscape", "Range, descent_preset, landscape").replace("start=", preset)
    file.write_text(text, encoding="utf-8")
    done = cliffscape("run", "--landscapes", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "mine.py, line 8: preset 'Fast': steps must be at least 1, got 0\n"


def test_the_package_itself_loads_pytorch_only_when_a_name_is_used() -> None:
    code = "import sys, cliffscape; print('torch' in sys.modules); cliffscape.landscape; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    with pytest.raises(ImportError, match="cannot import name 'landscap'"):
        exec("from cliffscape import landscap")


def test_the_example_of_the_documentation_loads_and_has_a_kernel() -> None:
    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    load(text.partition("## Your own file")[2].split("```python\n")[1].split("```")[0])
    assert LANDSCAPES["two_valleys"].no_kernel == ""
