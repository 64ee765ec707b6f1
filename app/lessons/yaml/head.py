"""YAML head: front matter between two lines of hyphens, as other programs use it, rewritten as TOML for the author.

It is only read to show the author the same front matter in TOML. Only the part of YAML that such heads use is read:
maps, lists, strings, numbers and truth values.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cliffscape.app.lessons.front_matter import FENCE

YAML_FENCE = "---"
KEY = re.compile(r"([\w.-]+)\s*:(?:\s+(.*))?$")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TRUTH = {"true": True, "false": False}


class Line(NamedTuple):
    """A line of YAML: its indentation, and its text."""

    indent: int
    text: str


def yaml_sentence(lines: Sequence[str]) -> str:
    """What is wrong with a file that begins with YAML; ``lines`` are those after its first one."""
    end = next(k for k, line in enumerate(lines) if line.strip() == YAML_FENCE)
    said = f"a lesson must begin with front matter between two lines {FENCE}, and this file begins with YAML"
    try:
        toml = to_toml(parse_yaml(lines[:end]))
    except ValueError:
        return f'{said}. In TOML a field is written as title = "A title", and a table begins with [prediction]'
    return f"{said}. The same front matter in TOML is\n{FENCE}\n{toml}\n{FENCE}"


def parse_yaml(lines: Sequence[str]) -> Mapping[str, Any]:
    """The fields of a head.

    Raises:
        ValueError: the head uses something that is not read here.
    """
    kept = [Line(len(line) - len(line.lstrip()), line.strip()) for line in lines]
    kept = [line for line in kept if line.text and not line.text.startswith("#")]
    found = parse_block(kept) if kept else {}
    if not isinstance(found, dict):
        raise ValueError("a head must consist of fields")
    return found


def parse_block(lines: Sequence[Line]) -> Any:
    """The list or the map that some lines hold."""
    first, is_list = lines[0].indent, lines[0].text.startswith("- ")
    starts = [k for k, line in enumerate(lines) if line.indent == first and line.text.startswith("- ") == is_list]
    parts = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    if is_list:
        return [parse_item(part) for part in parts]
    return dict(parse_field(part) for part in parts)


def parse_item(lines: Sequence[Line]) -> Any:
    """One item of a list: a value, or a map whose first field is on the line of the hyphen."""
    text = lines[0].text[2:].lstrip()
    if KEY.match(text):
        inner = lines[0].indent + len(lines[0].text) - len(text)
        return parse_block([Line(inner, text), *lines[1:]])
    return parse_value(text)


def parse_field(lines: Sequence[Line]) -> tuple[str, Any]:
    """The name and the value of a field, whose value may be on the lines below."""
    found = KEY.match(lines[0].text)
    if not found:
        raise ValueError("a line must be a field")
    text, below = found[2] or "", lines[1:]
    if text[:1] in ("|", ">"):
        return found[1], ("\n" if text[0] == "|" else " ").join(line.text for line in below)
    if below and not text:
        return found[1], parse_block(below)
    return found[1], parse_value(" ".join([text, *(line.text for line in below)]))


def parse_value(text: str) -> Any:
    """A string, a number, a truth value, or a list of them in brackets."""
    if text.startswith('"'):
        return json.loads(text[: text.rindex('"') + 1])
    if text.startswith("'"):
        return text[1 : text.rindex("'")].replace("''", "'")
    text = re.sub(r"\s+#.*", "", text).strip()
    if text.startswith("[") and text.endswith("]"):
        return [parse_value(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    if text[:1] in ("{", "[", "&", "*", "!"):
        raise ValueError("such values are not read here")
    if NUMBER.fullmatch(text):
        return float(text) if re.search(r"[.eE]", text) else int(text)
    return TRUTH.get(text.lower(), text)


def to_toml(fields: Mapping[str, Any]) -> str:
    """Fields in TOML: values first, then tables, then lists of tables."""
    tables = {name: value for name, value in fields.items() if isinstance(value, dict)}
    lists = {name: value for name, value in fields.items() if is_list_of_tables(value)}
    plain = {name: value for name, value in fields.items() if name not in tables and name not in lists}
    blocks = [write_fields(plain)] if plain else []
    blocks += [f"[{name}]\n{write_fields(value)}" for name, value in tables.items()]
    blocks += [f"[[{name}]]\n{write_fields(table)}" for name, items in lists.items() for table in items]
    return "\n\n".join(blocks)


def is_list_of_tables(value: object) -> bool:
    """Whether a value is written as tables of its own."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def write_fields(fields: Mapping[str, Any]) -> str:
    """One line per field."""
    return "\n".join(f"{name} = {write_value(value)}" for name, value in fields.items())


def write_value(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {write_value(one)}' for name, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
