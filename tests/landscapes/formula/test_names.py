"""Names: which are the parameters, which become sliders, and names with two roles."""

import pytest

from cliffscape.landscapes.formula.formula_error import FormulaError
from cliffscape.landscapes.formula.grammar import parse
from cliffscape.landscapes.formula.names import UNDECLARED, Constant, roles

AXES = [
    ("x + y", ("x", "y"), []),
    ("y + x", ("x", "y"), []),
    ("a*x**2 + c*y**2", ("x", "y"), ["a", "c"]),
    ("h = w*0.5\nsigmoid(h + b)*k", ("w", "b"), ["k"]),
    ("b*x + w", ("w", "b"), ["x"]),
    ("w*x + b*y", ("x", "y"), ["w", "b"]),
    ("u*v + p*q", ("u", "v"), ["p", "q"]),
    ("u: (0, 1) = 0.5\nu*v + p*q", ("v", "p"), ["u", "q"]),
    ("x: (0, 1) = 0.5\nx*y + z", ("y", "z"), ["x"]),
    ("h = v\nfor t in range(T):\n    h = h*u + t/T\nh", ("v", "u"), []),
]


@pytest.mark.parametrize(("text", "axes", "constants"), AXES)
def test_the_parameters_and_the_sliders(text: str, axes: tuple[str, str], constants: list[str]) -> None:
    found = roles(parse(text))
    assert found.axes == axes
    assert [one.name for one in found.constants] == constants


def test_a_declaration_gives_bounds_and_a_value() -> None:
    found = roles(parse("k: (-1, 1000) = 100\nT: (5, 40) = 30\nh = k\nfor _ in range(T):\n    h = h*x\nh + y + a"))
    assert found.constants == (Constant("k", -1.0, 1000.0, 100.0), Constant("a", *UNDECLARED))
    assert (found.repeats, found.repeat_bounds) == ("T", (5, 40, 30))


def test_without_a_declaration_there_are_20_repetitions() -> None:
    assert roles(parse("for n in range(N):\n    h = n*x\nh + y")).repeat_bounds == (1, 100, 20)
    assert roles(parse("for n in range(7):\n    h = n*x\nh + y")).repeats == ""


@pytest.mark.parametrize("text", ["x**2", "h = 1\nh + x", "a: (0, 1) = 1\na*x", "for _ in range(T):\n    h = x\nh"])
def test_one_name_without_bounds_is_the_only_parameter(text: str) -> None:
    assert roles(parse(text)).axes == ("x",)


LOOP = "for _ in range(T):\n    h = x\n"
REFUSED = [
    ("3", "with one or two free names", "none"),
    ("a: (0, 1) = 1\na**2", "with one or two free names", "none"),
    (
        "".join(f"{name}: (0, 1) = 1\n" for name in "abcde") + "x + a + b + c + d + e",
        "with at most 4 names besides its parameter x",
        "e",
    ),
    ("x + y + a + c + d + e + f", "with at most 4 names besides its two parameters x and y", "f"),
    ("h = h + 1\nx + y", "in which h has a value before it is used", "h"),
    ("for _ in range(3):\n    h = h*x\nh + y", "in which h has a value before it is used", "h"),
    ("h += 1\nx + y", "in which h has a value before it is used", "h"),
    ("for _ in range(T):\n  for _ in range(N):\n    h = x\nh + y", "with one name in range, which is T", "N"),
    (f"T = 3\n{LOOP}h + y", "gets no other value", "T"),
    ("k: (0, 1) = 1\nk = 3\nx + y*k", "gets no other value", "k"),
    ("k: (0, 1) = 1\nx + y", "in which the declared name k is used", "k: (0, 1) = 1"),
    ("k: (0, 1001) = 1\nx + y + k", "whose bounds are between -1000 and 1000", "k: (0, 1001) = 1"),
    (f"T: (1, 101) = 1\n{LOOP}h + y", "whose number of repetitions is whole and between 1 and 100", "T: (1, 101) = 1"),
    (f"T: (0, 10) = 1\n{LOOP}h + y", "whose number of repetitions is whole", "T: (0, 10) = 1"),
    (f"T: (1, 10) = 1.5\n{LOOP}h + y", "whose number of repetitions is whole", "T: (1, 10) = 1.5"),
]


@pytest.mark.parametrize(("text", "bound", "got"), REFUSED)
def test_names_with_two_roles_are_refused(text: str, bound: str, got: str) -> None:
    with pytest.raises(FormulaError) as found:
        roles(parse(text))
    assert bound in str(found.value)
    assert found.value.value == got
