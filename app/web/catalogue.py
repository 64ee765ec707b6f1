"""The catalogue: all entries of all families, as JSON for the page's controls."""

from dataclasses import asdict
from typing import Any, get_args

from cliffscape.app.frames.kind import KINDS, FrameKind
from cliffscape.app.frames.outcomes import BUDGET, COARSER, IN_BROWSER, LEVELS
from cliffscape.app.frames.plan import EVERY
from cliffscape.app.frames.progress import SAY_SECONDS
from cliffscape.app.runs import training_result
from cliffscape.app.runs.pair import RUN_LABELS
from cliffscape.app.runs.verdicts import COUNTS, PLAIN
from cliffscape.app.scene import sweep_axes
from cliffscape.app.scene.links import OWN_FIELDS
from cliffscape.app.scene.place import FEWEST
from cliffscape.app.scene.requirements import SERVER_STEPS
from cliffscape.app.scene.schema import (
    CLOUD,
    CLOUD_SEED,
    DEFAULT,
    FAMILIES,
    KERNEL_FAMILIES,
    LARGEST,
    NET_FAMILIES,
    SEEDS,
    STEPS,
    UPDATES,
    Colour,
    Height,
    Map,
    Path,
    Runs,
    Scene,
)
from cliffscape.app.scene.sweep_axes import AROUND
from cliffscape.landscapes.clips.family import EDGES, Clipping
from cliffscape.landscapes.declare import Entry, Parameter
from cliffscape.landscapes.descent.clip_role import CLIP_ROLES
from cliffscape.landscapes.descent.headline import HEADLINES
from cliffscape.landscapes.descent.outcome import LABELS, MEANINGS, OUTCOMES
from cliffscape.landscapes.descent.step_profile import RULE
from cliffscape.landscapes.descent.sweep import START
from cliffscape.landscapes.descent.verdict import CLAUSES
from cliffscape.landscapes.formula.presets import KNOWN
from cliffscape.landscapes.formula.typed_formula import formula
from cliffscape.landscapes.group import GROUPS
from cliffscape.landscapes.loss import LANDSCAPES, Landscape
from cliffscape.landscapes.models.model_landscape import MODEL, VIEWS
from cliffscape.landscapes.slices.network_landscape import RECURRENT
from cliffscape.landscapes.slices.plane import Slicing

FORMULA = formula.__name__


def catalogue(scene: Scene = DEFAULT) -> dict[str, Any]:
    """All families with their parameters, the choices of the page, the outcomes and the default Scene.

    Of the landscapes of formulas, it describes those of the presets, and that of ``scene``.
    """
    families = {family: [entry_fields(entry) for entry in members] for family, members in FAMILIES.items()}
    listed = {"runs": Runs, "colour": Colour, "height": Height, "path": Path, "map": Map}
    choices = {name: get_args(one) for name, one in listed.items()}
    texts = set(KNOWN) | ({scene.landscape.text} if scene.landscape.kind == FORMULA else set())
    return {
        **families,
        "run": [parameter_fields(STEPS)],
        "rules": rules(),
        "training": [parameter_fields(UPDATES), parameter_fields(SEEDS)],
        "sweep": [parameter_fields(CLOUD), parameter_fields(CLOUD_SEED)],
        "groups": [{"name": name, "sentence": sentence} for name, sentence in GROUPS.items()],
        "choices": choices,
        "outcome_maps": {"levels": LEVELS, "coarser": COARSER, "budget": BUDGET, "in_browser": IN_BROWSER},
        "sweep_around": AROUND,
        "outcomes": OUTCOMES,
        "outcome_labels": LABELS,
        "outcome_meanings": MEANINGS,
        "clauses": CLAUSES,
        "clip_roles": CLIP_ROLES,
        "headlines": HEADLINES,
        "headline_plain": PLAIN,
        "counts": COUNTS,
        "run_labels": RUN_LABELS,
        "step_profile": asdict(RULE),
        "training_sentences": training_result.SENTENCES,
        "frames": {name: frame_fields(KINDS[name]) for name in EVERY},
        "formulas": {text: formula_fields(text) for text in sorted(texts)},
        "views": {name: view_fields(name) for name in VIEWS},
        "scene": DEFAULT.model_dump(mode="json"),
    }


def rules() -> dict[str, Any]:
    """The lists and limits that the server and the page both use, so that the page repeats none of them."""
    return {
        "families": tuple(FAMILIES),
        "network_families": tuple(NET_FAMILIES),
        "kernel_families": KERNEL_FAMILIES,
        "link_fields": OWN_FIELDS,
        "sweep_families": sweep_axes.FAMILIES,
        "sweep_favourites": sweep_axes.FAVOURITES,
        "start": START,
        "server_steps": SERVER_STEPS,
        "largest_coordinate": LARGEST,
        "fewest_numbers": FEWEST,
        "finest_map": LEVELS[-1],
        "say_seconds": SAY_SECONDS,
        "solved_error": training_result.SOLVED,
        "unclipped": training_result.UNCLIPPED,
        "averaged_updates": training_result.LAST,
    }


def frame_fields(kind: FrameKind) -> dict[str, Any]:
    """Which Scenes have frames of a kind, what these depend on, and how the page requests missing ones."""
    dependencies = [asdict(part) for part in kind.depends_on]
    return {"when": dict(kind.when), "depends_on": dependencies, "line": kind.line, "table": kind.table}


def parameter_fields(parameter: Parameter) -> dict[str, Any]:
    """A parameter with its bounds, scale and sentence."""
    bounds = parameter.range
    return {
        "name": parameter.name,
        "label": parameter.label,
        "type": parameter.type.__name__,
        "default": parameter.default,
        "low": bounds.low,
        "high": bounds.high,
        "log": bounds.log,
        "structural": bounds.structural,
        "sentence": parameter.sentence,
    }


def entry_fields(entry: Entry) -> dict[str, Any]:
    """An entry with its documentation, and the further fields of a landscape, a clip or a slice."""
    common = {
        "kind": entry.kind,
        "label": entry.label,
        "summary": entry.documentation.summary,
        "no_kernel": entry.no_kernel,
        "notes": dict(entry.documentation.notes),
        "parameters": [parameter_fields(parameter) for parameter in entry.parameters],
    }
    if entry.kind == MODEL.kind and VIEWS:
        return {**common, **landscape_fields(MODEL), **view_fields(next(iter(VIEWS)))}
    if isinstance(entry, Slicing):
        return {
            **common,
            "window": list(entry.window),
            "start": entry.start,
            "height": entry.height,
            "of_run": entry.of_run,
        }
    if isinstance(entry, Clipping):
        return {**common, **clip_fields(entry)}
    return {**common, **landscape_fields(entry)} if isinstance(entry, Landscape) else common


def clip_fields(clip: Clipping) -> dict[str, Any]:
    """What a clip acts on, its thresholds, and its behaviour at the edges, separate from other notes."""
    notes = clip.documentation.notes
    edges = {name: notes[name] for name in EDGES}
    rest = {name: text for name, text in notes.items() if name not in edges}
    first = clip.first and dict(zip(("parameter", "shape"), clip.first, strict=True))
    own = {"acts_on": clip.acts_on, "shape": clip.shape, "first": first, "raises": clip.raises, "lead": clip.lead}
    return {**own, "edges": edges, "notes": rest}


def formula_fields(text: str) -> dict[str, Any]:
    """What the landscape of a formula has instead of the fields of its entry.

    Raises:
        FormulaError: the text is no formula.
    """
    found = LANDSCAPES[FORMULA].of(text=text)
    fields = landscape_fields(found)
    # The names of the formula itself, and "Formula" for its text.
    parameters = [{**parameter_fields(one), "label": one.range.symbol or found.label} for one in found.parameters]
    return {
        "parameters": parameters,
        **{name: fields[name] for name in ("axes", "windows", "start", "height")},
    }


def view_fields(name: str) -> dict[str, Any]:
    """What the landscape of a user's own model has instead of the fields of its entry, with the names of all views."""
    found = MODEL.of(view=name)
    (parameter,) = found.parameters
    fields = landscape_fields(found)
    return {
        "parameters": [{**parameter_fields(parameter), "choices": list(VIEWS)}],
        "recorded": VIEWS[name].run is not None,
        **{one: fields[one] for one in ("axes", "windows", "start", "height")},
    }


def landscape_fields(landscape: Landscape) -> dict[str, Any]:
    """Axes, windows, start and presets of a landscape, and whether it stays on the server."""
    return {
        "axes": landscape.axes,
        "windows": {name: list(window) for name, window in landscape.windows.items()},
        "start": landscape.start,
        "solved": landscape.solved,
        "height": landscape.height,
        "valley": landscape.valley,
        "study": landscape.study,
        "main": landscape.main,
        "group": landscape.group,
        "examples": landscape.examples,
        "server": landscape.kind in (RECURRENT.kind, MODEL.kind),
        "network": landscape.kind == RECURRENT.kind,
        "presets": [
            {"name": preset.name, "sentence": preset.sentence, "choices": preset.choices}
            for preset in landscape.presets
        ],
    }
