"""The engine of an actor, and what it has besides that of a web process."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cliffscape.app.cluster.kept_runs import KeptRuns
from cliffscape.app.settings import Settings
from cliffscape.app.web.engine import ProcessEngine
from cliffscape.landscapes.networks.tasks.text import DefaultText


class Started(NamedTuple):
    """The engine, and the copies of its training runs."""

    engine: ProcessEngine
    kept: KeptRuns


def start_engine(settings: Mapping[str, Any]) -> Started:
    """The engine of these settings, and its worker's thread. ``text`` is the content of the web process's text file."""
    chosen = dict(settings)
    DefaultText.text = chosen.pop("text")
    engine, kept = ProcessEngine(Settings(**chosen)), KeptRuns()
    engine.workspace = replace(engine.workspace, keep=kept.keep)
    engine.start()
    return Started(engine, kept)
