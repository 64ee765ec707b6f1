"""The catalogue: all entries of all families."""

import math
import re
from typing import Any

import pytest

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS, SCHEDULES
from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.slices.directions import SLICES
from cliffscape.landscapes.slices.network_landscape import RECURRENT
from cliffscape.landscapes.tracing.trace import UntraceableError

TRACED = (LANDSCAPES, OPTIMIZERS, SCHEDULES, CLIPS)
EVERY = [(f.name, entry) for f in (*TRACED, CELLS, TASKS, INITIALISATIONS, SLICES) for entry in f]
EVERY.append(("landscape", RECURRENT))
# Families without formulas: a choice of directions, a task in words.
WORDS = {"cell", "task", "initialisation", "slice"}


def entry_id(value: Any) -> str:
    """An entry's kind, as a test's name."""
    return value.kind if isinstance(value, Entry) else str(value)


@pytest.mark.parametrize(("family", "entry"), EVERY, ids=entry_id)
def test_every_entry_has_bounds_sentences_and_a_source(family: str, entry: Entry) -> None:
    assert entry.label
    assert entry.documentation.summary.endswith(".")
    assert len(entry.documentation.notes["Reference"]) > 8
    if family not in WORDS and entry is not RECURRENT:
        assert entry.documentation.notes["Formula"]
    for parameter in entry.parameters:
        low, high = parameter.range.low, parameter.range.high
        assert math.isfinite(low) and math.isfinite(high) and low < high
        size = len(parameter.default) if isinstance(parameter.default, str) else parameter.default
        assert low <= size <= high
        assert low > 0 or not parameter.range.log
        assert parameter.sentence.endswith(".")


@pytest.mark.parametrize(
    ("family", "entry"), [(family.name, entry) for family in TRACED for entry in family], ids=entry_id
)
def test_every_entry_has_a_kernel_or_says_why_not(family: str, entry: Entry) -> None:
    usual = {"landscape": "saddle", "optimizer": "gradient_descent", "clip": "none", "schedule": "constant"}
    chosen = {**usual, family: entry.kind}
    arguments = (chosen["landscape"], {}, chosen["optimizer"], chosen["clip"], chosen["schedule"])
    if entry.no_kernel:
        assert entry.no_kernel.endswith(".")
        with pytest.raises(UntraceableError, match=re.escape(entry.no_kernel)):
            descent_kernel(*arguments)
    else:
        assert "export function descend" in descent_kernel(*arguments).source


def test_importing_the_catalogue_fills_the_families() -> None:
    assert {entry.kind for entry in LANDSCAPES} >= {
        "one_unit_rnn",
        "wall_and_floor",
        "product_of_weights",
        "linear_recurrence",
        "repeated_composition",
        "rosenbrock",
        "himmelblau",
        "beale",
        "saddle",
        "ravine",
    }
    assert {entry.kind for entry in OPTIMIZERS} >= {"gradient_descent", "momentum", "nesterov", "adam"}
    assert {entry.kind for entry in CLIPS} >= {"none", "by_norm", "by_value", "by_norm_pytorch", "random_step"}


def test_clips_of_libraries_and_papers_are_registered() -> None:
    """PyTorch's and Keras's clipping by value are ``by_value``, which says so."""
    assert {entry.kind for entry in CLIPS} >= {
        "by_norm_pascanu",
        "by_norm_keras",
        "by_norm_optax",
        "by_variable_keras",
        "adaptive_by_unit",
        "autoclip",
        "zclip",
        "step_by_norm",
        "skip_nonfinite",
        "by_norm_else_random",
        "by_norm_else_shrink",
        "by_value_turned",
    }
    for name in ("torch.nn.utils.clip_grad_value_", "clipvalue", "optax.clip"):
        assert name in CLIPS["by_value"].documentation.notes["Reference"]


def test_the_one_unit_rnn_is_the_first_landscape() -> None:
    assert next(iter(LANDSCAPES)).kind == "one_unit_rnn"


@pytest.mark.parametrize("entry", [*LANDSCAPES, RECURRENT], ids=entry_id)
def test_every_landscape_with_parameters_names_its_main_one(entry: Landscape) -> None:
    """The page shows it first. Of a network it is the first one of the task."""
    if entry is RECURRENT:
        assert entry.main == "task"
        assert all(one.parameters and one.parameters[0].type is int for one in TASKS)
    else:
        known = [parameter.name for parameter in entry.parameters]
        assert (entry.main in known) if known else not entry.main
