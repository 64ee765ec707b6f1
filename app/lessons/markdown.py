"""Markdown with formulas between dollar signs, as HTML. Raw HTML is shown as text, since anybody can write a lesson."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from cliffscape.app.lessons.mathml import typeset


def render_formula(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A formula's token as MathML."""
    return typeset(tokens[index].content, display=tokens[index].markup == "$$")


def build_parser() -> MarkdownIt:
    """CommonMark with tables, formulas and curly quotes, but without raw HTML and without images from other sites."""
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": "“”‘’"})
    parser.enable(["table", "smartquotes"]).disable("image")
    # Without spaces next to the dollar signs, as in pandoc, so that "$5 or $6" is money.
    parser.use(dollarmath_plugin, allow_space=False, double_inline=True)
    # Display formulas are part of a paragraph. The block rule would also accept "$$$$", a formula without content.
    parser.disable("math_block")
    for token in ("math_inline", "math_inline_double"):
        parser.add_render_rule(token, render_formula)
    return parser


PARSER = build_parser()


def to_html(markdown: str) -> str:
    """Markdown as HTML that is safe to show.

    Raises:
        app.lessons.mathml.FormulaError: a formula cannot be read.
    """
    return str(PARSER.render(markdown))


def to_inline_html(markdown: str) -> str:
    """One line of Markdown, such as a title or an option, as HTML without a paragraph around it.

    Raises:
        app.lessons.mathml.FormulaError: a formula cannot be read.
    """
    return str(PARSER.renderInline(markdown))
