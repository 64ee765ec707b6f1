"""The pages about Python: their examples run, and the library's table has all public names."""

import doctest
import re
import subprocess
import sys

import pytest

import cliffscape
from cliffscape import landscapes
from tests.source.files import ROOT, text

PAGE = ROOT / "docs" / "library.md"


@pytest.mark.parametrize(("name", "least"), [("library", 40), ("notebooks", 5)])
def test_the_examples_print_what_the_page_says(name: str, least: int) -> None:
    found = doctest.testfile(str(ROOT / "docs" / f"{name}.md"), module_relative=False)
    assert found.attempted >= least and found.failed == 0


def test_the_table_has_all_public_names() -> None:
    table = text(PAGE).partition("## Names")[2]
    cells = re.findall(r"^\| (`.*?) \|", table, re.M)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == {*landscapes.__all__}


def test_all_public_names_are_there() -> None:
    assert {*landscapes.MODULES} == {*landscapes.__all__} <= {*dir(landscapes)}
    assert all(getattr(landscapes, name) is not None for name in landscapes.__all__)
    with pytest.raises(AttributeError, match=r"module 'cliffscape.landscapes' has no attribute 'fly'"):
        _ = landscapes.fly


def test_the_packages_are_attributes_that_load_no_pytorch() -> None:
    assert cliffscape.landscapes is landscapes
    code = "import cliffscape, sys; cliffscape.landscapes, cliffscape.app; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
