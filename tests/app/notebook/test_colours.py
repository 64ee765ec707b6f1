"""Colours: those of the page's light theme."""

import re

from cliffscape.app.notebook.colours import INK, LINE, MUTED, PAPER, RUNS, STOPS, colour_scale
from tests.source.files import ROOT, text


def test_they_are_those_of_the_style_sheet() -> None:
    light, _ = text(ROOT / "static/css/base.css").split(':root[data-theme="dark"]', 1)
    page = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    assert tuple(page[name] for name in ("paper", "ink", "muted", "line")) == (PAPER, INK, MUTED, LINE)
    assert {"without": page["run-without"], "with": page["run-with"]} == RUNS


def test_the_scale_is_that_of_the_map() -> None:
    script = text(ROOT / "static/js/views/canvas/colour.js")
    [light] = re.findall(r"^  light: \[(.*)\],$", script, re.M)
    assert tuple(re.findall(r'"(#\w+)"', light)) == STOPS


def test_the_scale_goes_from_the_first_stop_to_the_last_and_meets_those_between() -> None:
    scale = colour_scale(6 * 10 + 1)
    assert [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in scale[::10]] == list(STOPS)
