"""The text of a definition as it stands in a script: no type hints, no registration, and short docstrings.

The text is edited in place, so comments and line breaks stay.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from cliffscape.app.exports.module_source import PACKAGE, ModuleSource
from cliffscape.landscapes.transform import Transform

WIDTH = 120
# What a script does not need: a cell's step by hand, since autograd computes the same, and the norm that an optimizer
# divides by, for the page's sentences.
BY_HAND = "by_hand"
LEFT_OUT = (BY_HAND, "memory")
# Optional fields of a transform, which are always passed by name.
OPTIONAL = frozenset(Transform._field_defaults)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Edits:
    """Replacements of parts of a module's text."""

    source: ModuleSource
    found: list[tuple[int, int, bytes]] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str = "") -> None:
        """Replace the bytes from ``start`` to ``end``."""
        self.found.append((start, end, text.encode()))

    def apply(self, start: int, end: int) -> str:
        """The text from ``start`` to ``end`` with all replacements inside."""
        pieces, place = [], start
        for first, last, text in sorted(self.found):
            # A replacement inside a removed part is removed with it.
            if place <= first and last <= end:
                pieces += [self.source.text[place:first], text]
                place = last
        return b"".join([*pieces, self.source.text[place:end]]).decode()


@dataclass(frozen=True)
class PlainText:
    """The text of a definition, and the names in it that stand for attributes of modules: ``(module, attribute)``."""

    text: str
    attributes: dict[str, tuple[str, str]]


def plain_text(source: ModuleSource, node: ast.stmt, members: frozenset[str] | None = None) -> PlainText:
    """A definition without type hints and registration; classes have only methods among ``members``, by default all."""
    edits, attributes = Edits(source), dict[str, tuple[str, str]]()
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef):
            remove_hints(edits, part)
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            shorten_docstring(edits, part)
            remove_statements(edits, part, members)
        elif isinstance(part, ast.Call):
            remove_keyword(edits, part)
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            known = source.imports.get(part.value.id)
            if known is not None and known.module.startswith(PACKAGE) and not known.name:
                name = f"{part.value.id}_{part.attr}"
                attributes[name] = known.module, part.attr
                edits.replace(source.start(part), source.end(part), name)
    first = source.start(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else source.comment_start(node)
    kept = "".join(f"@{text}\n" for text in kept_decorators(source, node))
    text = one_line_signatures(edits.apply(first, source.end(node)))
    # What is left out leaves empty lines.
    return PlainText(kept + re.sub(r"\n{3,}", "\n\n", text).rstrip(), attributes)


def one_line_signatures(text: str) -> str:
    """The text with every signature on one line that fits there without its type hints."""

    def join(match: re.Match[str]) -> str:
        line = f"{match[1]}{' '.join(match[2].split()).rstrip(',')}{match[3]}"
        return line if len(line) <= WIDTH else match[0]

    return re.sub(r"^( *def \w+\()\n((?: +[^\n]+\n)+?) *(\):)$", join, text, flags=re.M)


def kept_decorators(source: ModuleSource, node: ast.stmt) -> Iterator[str]:
    """The decorators of Python's own modules; those of this package register a definition."""
    for one in getattr(node, "decorator_list", []):
        text = ast.unparse(one)
        if not is_own(source, re.split(r"\W", text)[0]):
            yield text


def is_own(source: ModuleSource, name: str) -> bool:
    """Whether a name in a module is defined there or elsewhere in this package."""
    known = source.imports.get(name)
    return name in source.definitions or (known is not None and known.module.startswith(PACKAGE))


def remove_hints(edits: Edits, node: Function) -> None:
    """Take the type hints out of a function."""
    source, listed = edits.source, node.args
    positional = [*listed.posonlyargs, *listed.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(listed.defaults))
    pairs = [*zip(positional, [*defaults, *listed.defaults], strict=True)]
    pairs += [*zip(listed.kwonlyargs, listed.kw_defaults, strict=True)]
    pairs += [(one, None) for one in (listed.vararg, listed.kwarg) if one is not None]
    for place, (argument, default) in enumerate(pairs):
        if argument.arg == BY_HAND and place:
            edits.replace(source.end(pairs[place - 1][0]), source.end(argument))
        elif argument.annotation is not None:
            end = source.start(argument) + len(argument.arg.encode())
            if default is None:
                edits.replace(end, source.end(argument.annotation))
            else:
                edits.replace(end, source.start(default), "=")
    if node.returns is not None:
        arrow = source.text.rindex(b"->", 0, source.start(node.returns))
        edits.replace(arrow - 1, source.end(node.returns))
    for part in ast.walk(node):
        if isinstance(part, ast.AnnAssign) and part.value is not None:
            edits.replace(source.end(part.target), source.end(part.annotation))


def shorten_docstring(edits: Edits, node: ast.FunctionDef | ast.ClassDef) -> None:
    """Leave the first paragraph of a docstring, and the formula if it has one."""
    text = ast.get_docstring(node)
    if text is None:
        return
    indent = " " * node.body[0].col_offset
    summary, _, rest = text.partition("\n\n")
    formula = re.search(r"^Formula: .*(?:\n(?![A-Z][\w ]+: |\n).*)*", rest, re.M)
    paragraphs = [summary, *([formula[0]] if formula else [])]
    lines = [textwrap.wrap(" ".join(one.split()), WIDTH - len(indent) - 6) for one in paragraphs]
    written = f"\n\n{indent}".join(f"\n{indent}".join(one) for one in lines)
    closing = f"\n{indent}" if "\n" in written else ""
    edits.replace(edits.source.start(node.body[0]), edits.source.end(node.body[0]), f'"""{written}{closing}"""')


def remove_statements(edits: Edits, node: ast.FunctionDef | ast.ClassDef, members: frozenset[str] | None) -> None:
    """Take out what a script does not need, and methods and fields that nothing in it mentions."""
    source = edits.source
    for part in node.body:
        name = ast.unparse(part.target) if isinstance(part, ast.AnnAssign) else getattr(part, "name", "")
        if isinstance(node, ast.ClassDef) and isinstance(part, ast.AnnAssign):
            shorten_hint(edits, part.annotation)
        if name in LEFT_OUT or (members is not None and is_optional(node, part, name) and name not in members):
            # With the end of the line before it, and the decorators.
            first = min([part.lineno, *(one.lineno for one in getattr(part, "decorator_list", []))])
            edits.replace(source.line_starts[first - 1] - 1, source.end(part))


def is_optional(node: ast.FunctionDef | ast.ClassDef, part: ast.stmt, name: str) -> bool:
    """Whether a class also works without a part of it, if nothing mentions the part."""
    if not isinstance(node, ast.ClassDef):
        return False
    return name in OPTIONAL or (isinstance(part, ast.FunctionDef) and not name.startswith("__"))


def shorten_hint(edits: Edits, hint: ast.expr) -> None:
    """Shorten the type hint of a field, which must stay: ``Callable`` instead of ``Callable[[Tensor], State]``.

    A type of this package becomes ``object``.
    """
    for part in ast.walk(hint):
        if isinstance(part, ast.Name) and is_own(edits.source, part.id):
            edits.replace(edits.source.start(part), edits.source.end(part), "object")
        elif isinstance(part, ast.Subscript):
            edits.replace(edits.source.end(part.value), edits.source.end(part))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            text = part.value
            while "[" in text:
                text = re.sub(r"\[[^][]*\]", "", text)
            edits.replace(edits.source.start(part), edits.source.end(part), repr(text))


def remove_keyword(edits: Edits, node: ast.Call) -> None:
    """Take out an argument that a script does not need."""
    source = edits.source
    before = [source.end(one) for one in node.args]
    for keyword in node.keywords:
        if keyword.arg in LEFT_OUT:
            edits.replace(max(before, default=source.start(keyword)), source.end(keyword))
        else:
            before.append(source.end(keyword))
