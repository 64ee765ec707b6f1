"""Prose: Markdown with formulas between dollar signs as HTML. Raw HTML in it is text: lessons come from anybody."""

from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cliffscape.app.lessons.mathml import typeset

DOLLAR = "$"


def formula(state: StateInline, silent: bool) -> bool:
    """The inline rule of ``$...$``; ``$$...$$`` gives a line of its own. A backslash keeps a dollar sign plain."""
    if state.src[state.pos] != DOLLAR:
        return False
    fence = DOLLAR * (2 if state.src.startswith(2 * DOLLAR, state.pos) else 1)
    begin = state.pos + len(fence)
    end = state.src.find(fence, begin)
    inside = state.src[begin:end] if end > begin else ""
    # As in pandoc: no blank beside the signs, so that "$5 or $6" is money.
    if not inside.strip() or (len(fence) == 1 and inside != inside.strip()):
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.meta = inside, {"display": len(fence) == 2}
    state.pos = end + len(fence)
    return True


def render_formula(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    """A formula's token as MathML."""
    return typeset(tokens[place].content, tokens[place].meta["display"])


def parser() -> MarkdownIt:
    """CommonMark with tables and formulas, with curly quotes, without raw HTML and without pictures from elsewhere."""
    made = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": "“”‘’"})
    made.enable(["table", "smartquotes"]).disable("image")
    made.inline.ruler.before("escape", "formula", formula)
    made.add_render_rule("formula", render_formula)
    return made


PARSER = parser()


def rendered(markdown: str) -> str:
    """Markdown as HTML that is safe to show.

    Raises:
        app.formulas.FormulaError: a formula in it cannot be read.
    """
    return str(PARSER.render(markdown))


def inline(markdown: str) -> str:
    """One line of Markdown, such as a title or an option, as HTML without a paragraph around it.

    Raises:
        app.formulas.FormulaError: a formula in it cannot be read.
    """
    return str(PARSER.renderInline(markdown))
