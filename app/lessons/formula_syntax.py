"""Formula syntax: parts of TeX that the converter accepts, but does not typeset as LaTeX does. They are refused."""

import re

from cliffscape.app.scene.validation import shorten
from cliffscape.landscapes.bound_error import BoundError

LONGEST = 2000
TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.S)
# Characters that XML has no place for.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
GROUP = re.compile(r"\s*\{([^{}]*)\}")
# Environments that are displayed formulas themselves.
DISPLAYED = ("equation", "align", "gather", "multline")
DEFINITIONS = (
    *("newcommand", "renewcommand", "providecommand", "def", "gdef", "edef", "xdef", "let", "futurelet", "global"),
    "DeclareMathOperator",
)
# By command, what a formula must be.
REFUSED = {
    "%": r"without comments, which begin with %; a percent sign is written \%",
    r"\newline": r"without \newline; lines are broken by \\ in aligned or gathered",
    r"\substack": r"without \substack; lines are stacked by \begin{subarray}{c} and \end{subarray}",
    r"\middle": r"one in which \middle is between \left and \right",
    **{rf"\{name}": rf"without definitions such as \{name}" for name in DEFINITIONS},
    **{rf"\{name}": rf"without \{name}" for name in ("cancel", "bcancel", "xcancel", "phase", "angl", "mathchoice")},
    **{rf"\{name}": rf"without numbers of lines such as \{name}" for name in ("tag", "label", "ref", "eqref")},
}


class FormulaError(BoundError):
    """A formula that cannot be typeset; ``index`` is the place of the wrong character in it."""

    def __init__(self, formula: str, bound: str, index: int = 0) -> None:
        super().__init__("formula", f"${shorten(' '.join(formula.split()))}$", bound)
        self.index = index


class Table:
    """An environment that is open, and the columns that its current row may still have."""

    def __init__(self, name: str, columns: int | None) -> None:
        self.name, self.columns, self.left = name, columns, columns


class SyntaxCheck:
    """One pass over the tokens of a formula, with the environments and the \\left that are open."""

    def __init__(self, formula: str, display: bool) -> None:
        self.formula, self.display = formula, display
        self.tables: list[Table] = []
        self.fences = 0

    def run(self) -> None:
        """Check every token."""
        if not self.formula.strip():
            raise FormulaError(self.formula, "more than spaces")
        if len(self.formula) > LONGEST:
            raise FormulaError(self.formula, f"at most {LONGEST} characters long", LONGEST)
        if control := CONTROL.search(self.formula):
            raise FormulaError(self.formula, "without control characters", control.start())
        for found in TOKEN.finditer(self.formula):
            self.check(found[0], found.start(), found.end())

    def check(self, token: str, start: int, end: int) -> None:
        """Check one token."""
        if token == r"\begin":
            self.open(start, end)
        elif token == r"\end" and self.tables:
            self.tables.pop()
        elif token in (r"\left", r"\right"):
            self.fences += 1 if token == r"\left" else -1
        elif token == r"\\":
            self.break_line(start, end)
        elif token == "&" and self.tables:
            self.next_column(start)
        elif token in REFUSED and not (token == r"\middle" and self.fences > 0):
            raise FormulaError(self.formula, REFUSED[token], start)

    def open(self, start: int, end: int) -> None:
        """Open an environment. The converter reports one that it does not know."""
        name = GROUP.match(self.formula, end)
        if name is None:
            return
        if name[1] in DISPLAYED:
            bound = f"without numbered lines: {name[1]}* is {name[1]} without numbers"
            raise FormulaError(self.formula, bound, start)
        if name[1].removesuffix("*") in DISPLAYED and not self.display:
            raise FormulaError(self.formula, f"between two dollar signs on each side, since it has {name[1]}", start)
        if self.formula[name.end() : name.end() + 1] == "[":
            raise FormulaError(self.formula, f"without an option after \\begin{{{name[1]}}}", name.end())
        columns = 2 if name[1] in ("cases", "dcases", "rcases", "drcases") else None
        if name[1] == "array" and (listed := GROUP.match(self.formula, name.end())):
            columns = sum(map(listed[1].count, "lcr"))
        self.tables.append(Table(name[1], columns))

    def break_line(self, start: int, end: int) -> None:
        """A line break must be within an environment, and have no option."""
        if not self.tables:
            raise FormulaError(self.formula, r"in an environment such as aligned if it has \\", start)
        if self.formula[end : end + 1] in ("[", "*"):
            raise FormulaError(self.formula, r"without options after \\", end)
        self.tables[-1].left = self.tables[-1].columns

    def next_column(self, start: int) -> None:
        """A row must not have more columns than its environment."""
        table = self.tables[-1]
        if table.left is None:
            return
        table.left -= 1
        if table.left < 1:
            bound = f"one in which a row of {table.name} has at most {table.columns} columns"
            raise FormulaError(self.formula, bound, start)


def check_syntax(formula: str, display: bool) -> None:
    """Refuse what the converter would accept, but typeset differently from LaTeX.

    Raises:
        FormulaError: the formula contains it.
    """
    SyntaxCheck(formula, display).run()
