"""Tokens of JavaScript: enough to find imports and the length of functions, without a parser.

Comments are left out. Strings, the text of template literals and regular expressions are one token each, so braces
and slashes inside them do not count.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# A slash after one of these starts a regular expression; after anything else it divides.
BEFORE_EXPRESSION = re.compile(r"[({\[,;:=!&|?+\-*%<>~^}]|return|typeof|case|in|of|void|throw|else|do|await|yield|new")
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<word>[\w$\#]+)
    |(?P<punctuation>=>|\.\.\.|\?\.|.)""",
    re.S | re.X,
)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")
TEMPLATE_TEXT = re.compile(r"(?:\\.|\$(?!\{)|[^\\`$])*", re.S)
OPENING, CLOSING = {"(", "[", "{", "${"}, {")", "]", "}"}
# Words before parentheses and a block that are no function.
STATEMENTS = {"if", "for", "while", "switch", "catch", "with"}


class Token(NamedTuple):
    """A piece of code and the line where it starts."""

    text: str
    line: int


class JavaScriptFunction(NamedTuple):
    """A function or method: the line where it starts and the number of lines in its body."""

    line: int
    length: int


def tokens(source: str) -> list[Token]:
    """All tokens of ``source``; ``${`` and its brace stand for the code inside a template literal."""
    found: list[Token] = []
    # For every open brace, whether it belongs to a template literal.
    braces: list[bool] = []
    at, line = 0, 1
    while at < len(source):
        piece, kind = next_piece(source, at, found[-1].text if found else ";")
        if kind != "space":
            found.append(Token(piece, line))
        at, line = at + len(piece), line + piece.count("\n")
        if piece == "{":
            braces.append(False)
        if piece == "`" or (piece == "}" and braces and braces.pop()):
            inside = template_text(source, at)
            at, line = at + len(inside), line + inside.count("\n")
            if inside.endswith("${"):
                braces.append(True)
                found.append(Token("${", line))
    return found


def next_piece(source: str, at: int, before: str) -> tuple[str, str]:
    """The text of the token or the space at a position, and its kind."""
    regex = REGEX.match(source, at)
    if (
        regex
        and source[at + 1] not in "/*"
        and BEFORE_EXPRESSION.fullmatch(before[-1:] if before[-1:] in "}>" else before)
    ):
        return regex[0], "regex"
    match = TOKEN.match(source, at)
    assert match and match.lastgroup
    return match[0], match.lastgroup


def template_text(source: str, at: int) -> str:
    """The text of a template literal from a position up to and with the closing backtick or the next ``${``."""
    match = TEMPLATE_TEXT.match(source, at)
    assert match
    end = match.end()
    return source[at : end + (2 if source.startswith("${", end) else 1)]


def imports(source: str) -> list[str]:
    """Addresses of local modules that a script imports, by static imports and by dynamic ones of a written address."""
    code = tokens(source)
    found = []
    for k, token in enumerate(code):
        before = [one.text for one in code[max(0, k - 2) : k]]
        if token.text[:2] in ('".', "'.") and (before[-1:] in (["from"], ["import"]) or before == ["import", "("]):
            found.append(token.text[1:-1])
    return found


def functions(source: str) -> Iterator[JavaScriptFunction]:
    """Functions, methods and arrow functions, each with the lines between its braces, or those of its expression."""
    code = tokens(source)
    partner = brackets(code)
    for k, token in enumerate(code):
        if token.text == "{" and k in partner and is_body(code, partner, k):
            yield JavaScriptFunction(token.line, code[partner[k]].line - token.line - 1)
        elif token.text == "=>" and code[k + 1].text != "{":
            last = code[end_of_expression(code, partner, k + 1)]
            yield JavaScriptFunction(token.line, last.line - code[k + 1].line + 1)


def brackets(code: list[Token]) -> dict[int, int]:
    """The index of every bracket's partner."""
    partner: dict[int, int] = {}
    stack: list[int] = []
    for k, token in enumerate(code):
        if token.text in OPENING:
            stack.append(k)
        elif token.text in CLOSING:
            partner[stack[-1]], partner[k] = k, stack[-1]
            stack.pop()
    assert not stack, f"a bracket of line {code[stack[-1]].line} is not closed"
    return partner


def is_body(code: list[Token], partner: dict[int, int], k: int) -> bool:
    """Whether the brace at index ``k`` opens the body of a function."""
    if k == 0 or code[k - 1].text == "=>":
        return k > 0
    if code[k - 1].text != ")":
        return False
    word = code[partner[k - 1] - 1].text
    return bool(re.fullmatch(r"[\w$#]+|\]|\*", word)) and word not in STATEMENTS


def end_of_expression(code: list[Token], partner: dict[int, int], k: int) -> int:
    """The index of the last token of the expression that starts at index ``k``."""
    while k < len(code) and code[k].text not in (",", ";", *CLOSING):
        k = partner.get(k, k) + 1
    return k - 1
