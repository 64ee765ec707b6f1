"""Formulas: what the page needs to know of a text that somebody types."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from starlette.requests import Request

from cliffscape.app.web.assets.asset import Asset
from cliffscape.app.web.catalogue import FORMULA, formula_fields
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.formula.grammar import LONGEST
from cliffscape.landscapes.loss import LANDSCAPES

# One formula at a time: the search for its minima may take a second of a core.
SEARCH = ThreadPoolExecutor(1, "formulas")


async def prepare(text: str | None) -> None:
    """Search for the facts about the formula of a link or a Scene, so that reading the Scene takes no time."""
    with suppress(BoundError):
        if text is not None and len(text) <= LONGEST:
            await asyncio.get_running_loop().run_in_executor(SEARCH, partial(LANDSCAPES[FORMULA].of, text=text))


async def prepare_link(request: Request) -> None:
    """Prepare the formula in the query of a request."""
    await prepare(request.query_params.get("landscape.text"))


def text_in(body: bytes) -> str | None:
    """The formula in the Scene of a request's body."""
    if b'"text"' not in body:
        return None
    try:
        text = json.loads(body)["scene"]["landscape"]["text"]
    except (ValueError, LookupError, TypeError, RecursionError):
        # The body is validated later.
        return None
    return text if isinstance(text, str) else None


async def description(text: str) -> Asset:
    """The parameters, axes, window and start of a formula, or what is wrong with the text, as JSON.

    A text that is no formula yet is what somebody types, and not an error of the request.
    """
    try:
        found = await asyncio.get_running_loop().run_in_executor(SEARCH, formula_fields, text)
    except BoundError as error:
        found = {"problem": str(error)}
    return Asset(json.dumps(found, allow_nan=False).encode(), "application/json")
