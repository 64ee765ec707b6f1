"""Formulas: TeX as MathML, which browsers render without scripts and without a network."""

import html
import itertools
import re
import unicodedata
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from math_core import LatexError, LatexToMathML

from cliffscape.app.lessons.formula_syntax import TOKEN, FormulaError, check_syntax

CONVERTER = LatexToMathML(fancy_error=False)
ELEMENTS = {
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mpadded", "mphantom", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("mtable", "mtr", "mtd", "b", "i", "em", "u", "s", "code", "span"),
}
# Allowed attributes: no links and no classes. Styles may only set what is listed below.
ATTRIBUTES = {
    *("display", "displaystyle", "scriptlevel", "stretchy", "form", "accent", "accentunder", "movablelimits"),
    *("lspace", "rspace", "width", "height", "depth", "voffset", "minsize", "maxsize", "linethickness"),
    *("mathvariant", "style"),
}
STYLES = re.compile(
    r"(?:(?:text-align|justify-items|padding(?:-\w+)?|margin(?:-\w+)?|border(?:-\w+)?|width|color|font-[a-z-]+)"
    r":[ \w.#%-]*(?:;|$))*"
)
BOX = "border: 1px solid currentcolor;padding: 0.2em;"
# By element, instead of a line that browsers stretch, or draw through the letters.
LINES = {
    "munder": "border-bottom: 0.05em solid currentcolor;padding-bottom: 0.1em;",
    "mover": "border-top: 0.05em solid currentcolor;padding-top: 0.1em;",
}
# Combining accents, which browsers draw before their letter, and what is drawn in their place.
ACCENTS = {"\u20d7": "→", "\u20db": "...", "\u20dc": "...."}
PRIMES = ("′", "″", "‴", "⁗")
FONTS = {"math-core-sans-serif-font": {"style": "font-family: sans-serif"}, "math-core-serif-font": {}}
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)\w+;")
BOLD = re.compile(r"\\(?:boldsymbol|bm)(?![A-Za-z])\s*")


def typeset(formula: str, display: bool = False) -> str:
    r"""A formula such as ``\lVert g \rVert > v`` as a ``math`` element; nothing in it becomes other markup.

    Raises:
        FormulaError: it cannot be parsed, or it contains something that would not look as in LaTeX.
    """
    check_syntax(formula, display)
    check_bold(formula)
    root = parse(formula, display)
    for element in list(root.iter()):
        restrict(element, formula)
        improve(element)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def parse(formula: str, display: bool) -> Element:
    """The converter's MathML as a tree.

    Raises:
        FormulaError: the converter reports an error.
    """
    try:
        markup = CONVERTER.convert_with_local_state(formula, displaystyle=display)
    except LatexError as error:
        index, _, reason = str(error).partition(": ")
        unknown = re.fullmatch(r'Unknown command "(.*)"\.', reason)
        readable = f"one that can be read ({reason.removesuffix('.')})"
        bound = f"made of known commands ({unknown[1]} is not known)" if unknown else readable
        raise FormulaError(formula, bound, int(index)) from None
    # HTML has names for characters that XML does not know.
    try:
        root = ElementTree.fromstring(ENTITY.sub(lambda found: html.unescape(found[0]), markup))
    except ElementTree.ParseError:
        # The converter does not escape the one letter of `\operatorname<`.
        raise FormulaError(formula, "one that can be read (its MathML is broken)") from None
    root.set("display", "block" if display else "inline")
    return root


def restrict(element: Element, formula: str) -> None:
    """Keep only known elements, attributes and styles; draw boxes and fonts with styles."""
    if element.tag == "menclose" and element.get("notation") == "box":
        element.tag, element.attrib = "mrow", {"style": BOX}
    element.attrib = {**element.attrib, **FONTS.get(element.get("class", ""), {})}
    if element.tag not in ELEMENTS:
        raise FormulaError(formula, f"one that MathML can show in every browser, and {element.tag} cannot be shown")
    element.attrib = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
    if not STYLES.fullmatch(element.get("style", "")):
        raise FormulaError(formula, f"one with known styles ({element.get('style')} is not known)")


def improve(element: Element) -> None:
    """Change what browsers draw differently from LaTeX."""
    if element.tag == "mtable":
        drop_empty_last_row(element)
    elif element.tag in ("msup", "msubsup"):
        move_primes(element)
    elif element.tag in LINES and element[1].text == "\u0332":
        element.remove(element[1])
        element.tag, element.attrib = "mrow", {"style": LINES[element.tag]}
    elif element.tag == "mo" and element.text in ACCENTS:
        element.text = ACCENTS[element.text]
        element.set("style", "font-size: 0.6em")


def move_primes(script: Element) -> None:
    """Put the primes of a superscript behind its base: they are raised already, and would be too small and too high."""
    base, *lower, upper = list(script)
    parts = list(upper) if upper.tag == "mrow" else [upper]
    primes = list(itertools.takewhile(lambda part: part.tag == "mo" and part.text in PRIMES, parts))
    if not primes:
        return
    group = Element("mrow")
    group.append(base)
    for prime in primes:
        prime.attrib = {"lspace": "0", "rspace": "0"}
        group.append(prime)
    rest = parts[len(primes) :]
    if rest:
        upper[:] = rest
        script[0] = group
    else:
        script[:] = [group, *lower]
        script.tag = "msub" if lower else "mrow"


def drop_empty_last_row(table: Element) -> None:
    r"""Remove the row after a last ``\\``, which LaTeX does not show."""
    last = table[-1] if len(table) else None
    if last is not None and not any(len(cell) or cell.text or "border" in cell.get("style", "") for cell in last):
        table.remove(last)


def check_bold(formula: str) -> None:
    r"""Refuse ``\boldsymbol`` and ``\bm`` around what the converter does not make bold: digits and operators.

    Raises:
        FormulaError: a character of the argument would not be bold.
    """
    for found in BOLD.finditer(formula):
        try:
            bold = parse(found[0] + first_argument(formula, found.end()), False)
        except FormulaError:
            return  # the error is in the whole formula as well
        texts = [element.text or "" for element in bold.iter() if element.tag in ("mi", "mn", "mo")]
        for text in texts:
            if not all(map(is_bold_or_accent, text)):
                bound = rf"bold only on letters, and {text} is not a letter (\mathbf makes digits bold)"
                raise FormulaError(formula, bound, found.start())


def first_argument(formula: str, start: int) -> str:
    """The argument that starts there: a group in braces, or one token."""
    depth = 0
    for found in TOKEN.finditer(formula, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth <= 0:
            return formula[start : found.end()]
    return formula[start:]


def is_bold_or_accent(letter: str) -> bool:
    """Whether a letter is bold, or is an accent or invisible."""
    is_accent = unicodedata.category(letter) in ("Lm", "Sk", "Mn", "Cf")
    return is_accent or unicodedata.name(letter, "").startswith("MATHEMATICAL BOLD")
