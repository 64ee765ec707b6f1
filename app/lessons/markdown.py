"""Markdown with formulas between dollar signs, as HTML. Raw HTML is shown as text, since anybody can write a lesson."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

from cliffscape.app.lessons.mathml import typeset

FORMULAS = ("math_inline", "math_inline_double", "math_block")
# A formula within one line, under the rules of the parser below.
FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?![\s$])(?:\\.|[^$\\\n])+?(?<!\s)\1(?![\d$])")
# In place of the bars of formulas while tables are split into cells: a character that no text contains.
BAR = "\ufdd0"


def render_formula(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A formula's token as MathML. A block without content, such as four dollar signs, is text."""
    token = tokens[index]
    if not token.content.strip():
        return f"<p>$${token.content}$$</p>\n"
    markup = typeset(token.content, display=token.markup == "$$")
    return f"<p>{markup}</p>\n" if token.type == "math_block" else markup


def render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """An image of the lesson's folder under its address on this server; any other image as its description."""
    token = tokens[index]
    words = escape(renderer.renderInlineAsText(token.children or [], options, env))
    address = env.get("images", {}).get(token.attrGet("src"))
    return f'<img src="{escape(address)}" alt="{words}">' if address else words


def render_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A link. ``/?steps=7`` becomes ``?steps=7``, because a proxy may serve the page under another path than ``/``.

    So does ``./?steps=7``, which leads to the same place and is then known as a link to the page.
    """
    token = tokens[index]
    address = str(token.attrGet("href") or "")
    if address.startswith(("/?", "./?")):
        token.attrSet("href", address[address.index("?") :])
    return str(renderer.renderToken(tokens, index, options, env))


def hide_bars(state: StateCore) -> None:
    """Before blocks are parsed: a bar in a formula, such as in ``$|g|$``, must not end the cell of a table."""
    lines = state.src.replace(BAR, "\ufffd").split("\n")
    state.src = "\n".join(FORMULA.sub(lambda found: found[0].replace("|", BAR), line) for line in lines)


def restore_bars(state: StateCore) -> None:
    """After blocks are parsed, and before what is in them: put the bars back."""
    state.src = state.src.replace(BAR, "|")
    for token in state.tokens:
        token.content = token.content.replace(BAR, "|")
        token.info = token.info.replace(BAR, "|")


PARSE_DISPLAYED = math_block_dollar(allow_labels=False, allow_blank_lines=False)


def parse_displayed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for a formula on its own lines. When it is only asked whether one begins here, it changes nothing."""
    line, count = state.line, len(state.tokens)
    found = PARSE_DISPLAYED(state, start, end, silent)
    if silent:
        state.line = line
        del state.tokens[count:]
    return found


def build_parser() -> MarkdownIt:
    """CommonMark with tables, formulas, curly quotes and images of the lesson's folder, but without raw HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": "“”‘’"})
    parser.enable(["table", "smartquotes"])
    # Without spaces next to the dollar signs, as in pandoc, so that "$5 or $6" is money.
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_blank_lines=False, double_inline=True)
    # Within a paragraph too, because a line of the formula that begins with "+" would otherwise begin a list.
    parser.block.ruler.at("math_block", parse_displayed, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    for token in FORMULAS:
        parser.add_render_rule(token, render_formula)
    parser.add_render_rule("image", render_image)
    parser.add_render_rule("link_open", render_link)
    parser.core.ruler.before("block", "hide_bars", hide_bars)
    parser.core.ruler.after("block", "restore_bars", restore_bars)
    return parser


PARSER = build_parser()


def to_html(markdown: str, images: Mapping[str, str] | None = None) -> str:
    """Markdown as HTML that is safe to show. ``images`` has the addresses of the images that may be shown.

    Raises:
        cliffscape.app.lessons.formula_syntax.FormulaError: a formula cannot be typeset.
    """
    return str(PARSER.render(markdown, {"images": images or {}}))


def to_inline_html(markdown: str, images: Mapping[str, str] | None = None) -> str:
    """One line of Markdown, such as a title or an option, as HTML without a paragraph around it.

    Raises:
        cliffscape.app.lessons.formula_syntax.FormulaError: a formula cannot be typeset.
    """
    return str(PARSER.renderInline(markdown, {"images": images or {}}))
