"""Result: the runs of a link as arrays, with their verdicts, and as a picture in a notebook."""

import base64
import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cliffscape.app.notebook.colours import INK, MUTED, PAPER, RUNS
from cliffscape.app.notebook.picture import picture
from cliffscape.app.runs import table
from cliffscape.app.runs.pair import RunName
from cliffscape.app.runs.verdicts import Summary, headline, verdict
from cliffscape.app.scene.metadata import link
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.descent.clip_role import CLIP_ROLES
from cliffscape.landscapes.descent.descend import Record

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """A run: arrays with a row for the start and for every step, and what happened.

    ``position`` ``(steps + 1, 2)``; ``loss``, ``gradient_norm`` before the clip, ``clip_factor`` and ``step_length`` of
    the step taken from there ``(steps + 1,)``. No step is taken from the last row, so its length is NaN. ``outcome`` is
    ``converged``, ``not_converged``, ``stalled``, ``thrown`` or ``diverged``.
    """

    name: RunName
    position: Array
    loss: Array
    gradient_norm: Array
    clip_factor: Array
    step_length: Array
    outcome: str
    headline: str
    verdict: str
    summary: Summary

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        return self.verdict


class Result:
    """The runs of a link. ``unclipped`` and ``clipped`` are those that the link shows.

    In a notebook it is a picture with the verdicts. ``table`` has a column per quantity, as ``pandas.DataFrame`` takes
    them, and ``save`` writes the files of ``cliffscape run``.
    """

    def __init__(
        self,
        scene: Scene,
        trajectories: table.Trajectories,
        summaries: table.Summaries,
        surface: Callable[[], Tensor],
    ) -> None:
        self.scene = scene
        self.trajectories, self.summaries, self._surface = trajectories, summaries, surface
        self.runs: Mapping[RunName, Run] = {
            name: run_of(scene, name, record, summaries[name]) for name, record in trajectories.items()
        }

    @property
    def link(self) -> str:
        """The link of the experiment without an address, such as ``?landscape=ravine``."""
        return link(self.scene)

    @property
    def unclipped(self) -> Run:
        """The run without clipping."""
        return self["without"]

    @property
    def clipped(self) -> Run:
        """The run with clipping."""
        return self["with"]

    @property
    def verdicts(self) -> list[str]:
        """What happened to each run in one sentence, and the role of the threshold if there is one."""
        return [*(run.verdict for run in self), *self.roles]

    @property
    def roles(self) -> list[str]:
        """The sentence about the clipping threshold, or nothing."""
        return [CLIP_ROLES[run.summary.clip_role] for run in self if run.summary.clip_role]

    @property
    def table(self) -> dict[str, NDArray[Any]]:
        """The rows of all runs by column, one run after the other."""
        return table.table(self.trajectories)

    def save(self, path: str | Path) -> None:
        """Write the table to a file.

        Raises:
            BoundError: the name does not end in .csv, .json or .npz.
        """
        suffix = Path(path).suffix
        if suffix not in table.FORMATS:
            raise BoundError("path", Path(path).name, f"a file that ends in {', '.join(table.FORMATS)}")
        Path(path).write_bytes(table.FORMATS[suffix](self.scene, self.trajectories, self.summaries))

    def __getitem__(self, name: str) -> Run:
        for known, run in self.runs.items():
            if known == name:
                return run
        raise BoundError("run", repr(name), f"one that the link shows ({', '.join(self.runs)})")

    def __iter__(self) -> Iterator[Run]:
        return iter(self.runs.values())

    def __repr__(self) -> str:
        return "\n".join(self.verdicts)

    @cached_property
    def svg(self) -> str:
        """The picture: the map with the paths, and the losses over the steps."""
        return picture(self.scene, self.trajectories, self._surface())

    def _repr_html_(self) -> str:
        # As an image: the identifiers inside cannot collide with those of other results in the notebook.
        source = f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"
        image = (
            f'<img src="{source}" alt="The runs on the map, and their losses over the steps" style="max-width: 100%"/>'
        )
        lines = [paragraph(run.headline, RUNS[run.name], run.verdict) for run in self]
        lines += [paragraph(role, INK) for role in self.roles]
        note = f'<p style="margin: 0.3em 0; color: {MUTED}"><code>{html.escape(self.link)}</code></p>'
        style = f"background: {PAPER}; padding: 0.5em 1em; max-width: 720px"
        return f'<div style="{style}">{image}{"".join(lines)}{note}</div>'


def run_of(scene: Scene, name: RunName, record: Record, found: Summary) -> Run:
    """A run with its arrays as NumPy's."""
    arrays = {column: values.numpy() for column, values in record._asdict().items()}
    words: dict[str, Any] = {
        "outcome": found.outcome,
        "headline": headline(scene, found, name),
        "verdict": verdict(found, name),
    }
    return Run(name, **arrays, **words, summary=found)


def paragraph(text: str, colour: str, title: str = "") -> str:
    """A line of text in a colour; ``title`` appears when the mouse rests on it."""
    more = f' title="{html.escape(title)}"' if title else ""
    return f'<p{more} style="margin: 0.3em 0; color: {colour}">{html.escape(text)}</p>'
