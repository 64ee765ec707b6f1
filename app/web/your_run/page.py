"""The page "Your run": what its scripts need to read a log and to advise, which are the tables of Python."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cliffscape.app.advice.code_lines import code_templates
from cliffscape.app.advice.quantities import QUANTITIES
from cliffscape.app.advice.report import ROLES
from cliffscape.app.advice.sentences import SENTENCES, WHOLE
from cliffscape.app.logs.log_format import LogFormat, formats
from cliffscape.app.web.assets.asset import Asset
from cliffscape.app.web.pages import Pages, script_safe
from cliffscape.app.web.routes import FRESH, READ, asset_response
from cliffscape.app.web.your_run.clip_update import clip_update
from cliffscape.landscapes.advice import (
    advice,
    ceiling,
    clip_replay,
    progress,
    recommendation,
    spikes,
    thresholds,
    warm_up,
)
from cliffscape.landscapes.catalogue import CLIPS
from cliffscape.landscapes.clips.family import Clipping
from cliffscape.landscapes.descent import clip_role

# A log that the page has with it: the training of a network that fails without clipping. It has no "<".
EXAMPLE = "examples/temporal-order.csv"
MODULES = (advice, ceiling, clip_replay, progress, recommendation, spikes, thresholds, warm_up, clip_role)


router = APIRouter()


@router.api_route("/your-run", methods=READ)
async def page(request: Request) -> Response:
    """The page that reads a log in the browser."""
    pages: Pages = request.app.state.pages
    example = await asyncio.to_thread((pages.assets.folder / EXAMPLE).read_text, "utf-8")
    text = pages.environment.get_template("your_run.html").render(
        assets=pages.assets.address, main=pages.assets.your_run, tables=script_safe(your_run()), example=example
    )
    return await asset_response(request, Asset(text.encode(), "text/html; charset=utf-8"), FRESH)


def your_run() -> dict[str, Any]:
    """The tables of formats, rules, sentences, explanations and lines of code."""
    return {
        "formats": [format_fields(one) for one in formats()],
        "rules": {module.__name__.rpartition(".")[2]: constants(vars(module)) for module in MODULES},
        "sentences": SENTENCES,
        "whole": WHOLE,
        "roles": ROLES,
        "quantities": QUANTITIES,
        "code": code_templates(),
        "clips": [{"kind": one.kind, "label": one.label, "defaults": one.defaults} for one in replayed()],
        "modules": {one.kind: f"your-run/{one.kind}.js" for one in replayed() if not one.no_kernel},
    }


def replayed() -> list[Clipping]:
    """The clips that are replayed on the norms of a log."""
    return [CLIPS[kind] for kind in clip_replay.REPLAYED]


@router.api_route("/your-run/{kind}.js", methods=READ)
async def clip_module(kind: str, request: Request) -> Response:
    """The update of a clip that the page replays, as a module."""
    known = [one.kind for one in replayed() if not one.no_kernel]
    source = await asyncio.to_thread(clip_update, kind) if kind in known else None
    found = Asset(source.encode(), "text/javascript; charset=utf-8") if source else None
    return await asset_response(request, found, FRESH)


def format_fields(log_format: LogFormat) -> dict[str, Any]:
    """A format as JSON."""
    columns = {name: [one._asdict() for one in listed] for name, listed in log_format.columns.items()}
    return {**asdict(log_format), "columns": columns}


def constants(names: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a module that are written in capitals."""
    return {
        name: value for name, value in names.items() if name.isupper() and isinstance(value, int | float | tuple | dict)
    }
