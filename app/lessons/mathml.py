"""Formulas: TeX as MathML, which browsers render without scripts and without a network."""

import html
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

# Allowed attributes: no links, no styles, no classes.
ATTRIBUTES = {
    *("xmlns", "display", "displaystyle", "scriptlevel", "stretchy", "fence", "form", "accent", "accentunder"),
    *("movablelimits", "lspace", "rspace", "width", "height", "depth", "minsize", "maxsize", "linethickness"),
    *("columnalign", "columnspacing", "rowspacing", "mathvariant"),
}


class FormulaError(ValueError):
    """A formula that cannot be parsed: its text, and what it must be."""

    def __init__(self, formula: str, bound: str) -> None:
        super().__init__(f"${formula}$ must be {bound}")
        self.formula, self.bound = formula, bound


def typeset(formula: str, display: bool = False) -> str:
    r"""A formula such as ``\lVert g \rVert > v`` as a ``math`` element; nothing in it becomes other markup.

    Raises:
        FormulaError: it cannot be parsed, or it contains an unknown command.
    """
    try:
        root: ElementTree.Element = convert_to_element(formula, display="block" if display else "inline")
    except Exception as error:  # The converter's errors have no common base, and some are IndexErrors.
        raise FormulaError(formula, f"a formula that can be read ({type(error).__name__})") from None
    for element in root.iter():
        element.attrib = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
        # The converter writes symbols as character references. Decode them here; tostring escapes them safely.
        element.text = html.unescape(element.text) if element.text else element.text
        if element.tag == "mi" and element.text and element.text.startswith("\\"):
            raise FormulaError(formula, f"made of known commands, and {element.text} is none")
    return ElementTree.tostring(root, encoding="unicode")
