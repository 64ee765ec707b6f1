"""Kernels: every landscape x optimizer x clip in Node against PyTorch, all in one process; keys, headers, errors."""

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

import pytest
import torch

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.derivatives import value_and_gradient
from cliffscape.landscapes.descent.descend import (
    Record,
    apply_gradient,
    before_and_after_clip,
    initial_carry,
)
from tests import node
from tests.landscapes.kernel_runs import (
    CLIFFS,
    ENDS,
    PRESETS,
    RUNS,
    SMOOTH,
    THOROUGH,
    has_matrix,
    job,
    smooth_run,
)
from tests.reference import reference, relative, tensor
from tests.routes import traceable_kinds


@pytest.fixture(scope="module")
def kernels(request: pytest.FixtureRequest) -> dict[str, Record]:
    """Every run of the tests by its kernel, all of them in one Node process."""
    names = [name for name in RUNS if request.config.getoption("thorough") or name not in THOROUGH]
    records = {}
    for name, result in zip(names, node.run([job(name) for name in names]), strict=True):
        by_name = dict(zip(job(name).columns, result, strict=True))
        position = torch.stack([by_name["x"], by_name["y"]], -1)
        records[name] = Record(position, *(by_name[column] for column in Record._fields[1:]))
    return records


def marked(names: Iterable[str]) -> list[Any]:
    """The names of runs, as parameters of a test."""
    return [pytest.param(name, marks=[pytest.mark.thorough] * (name in THOROUGH)) for name in names]


def first_nonfinite(run: Record) -> tuple[int, int, int]:
    """First steps with a loss, a position, a gradient norm that are not finite; one past the end for never."""
    finite = run.loss.isfinite(), run.position.isfinite().all(-1), run.gradient_norm.isfinite()
    return tuple(int(column.int().cumprod(0).sum()) for column in finite)  # type: ignore[return-value]


def compare(measured: Record, expected: Record, bound: float, steps: int | None = None) -> None:
    """Every column to ``bound``, relative to its largest value over the run, as losses and norms go to 0."""
    for name, ours, theirs in zip(Record._fields, measured, expected, strict=True):
        assert relative(ours[:steps], theirs[:steps]) < bound, name


@pytest.mark.parametrize("name", marked(SMOOTH))
def test_smooth_landscapes_equal_pytorch(name: str, kernels: dict[str, Record]) -> None:
    """1e-12 over up to 60 steps, in every column."""
    expected = RUNS[name].torch()
    assert expected.loss.isfinite().all()
    compare(kernels[name], expected, 1e-12)


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_of_the_cliff_equal_pytorch(name: str, kernels: dict[str, Record]) -> None:
    """1e-6 over 60 steps, in every column: chaos allows no more in general."""
    compare(kernels[name], RUNS[name].torch(), 1e-6)


@pytest.mark.parametrize("name", marked(CLIFFS))
def test_cliffs_equal_pytorch_until_chaos(name: str, kernels: dict[str, Record]) -> None:
    """1e-12 over six steps, 1e-10 over twelve (a face multiplies rounding by hundreds); both end at the same step."""
    expected = RUNS[name].torch()
    assert first_nonfinite(kernels[name]) == first_nonfinite(expected)
    # A curvature method multiplies rounding by its matrix's condition number, up to 1e32: of those the first step.
    # Single steps from many places are compared by that measure in test_curvature.py.
    curved = bool(OPTIMIZERS[RUNS[name].optimizer].function().asks)
    compare(kernels[name], expected, 1e-12, 1 if curved else 6)
    compare(kernels[name], expected, 1e-10, 1 if curved else 12)


@pytest.mark.parametrize("name", ENDS)
def test_parameters_at_the_ends_of_their_ranges(name: str, kernels: dict[str, Record]) -> None:
    """T = 1 and T = 100 among them; 1e-9 as sums of powers of a hundred steps lose some digits at T = 100."""
    expected = RUNS[name].torch()
    assert first_nonfinite(kernels[name]) == first_nonfinite(expected)
    compare(kernels[name], expected, 1e-9)


def test_every_two_of_landscape_optimizer_and_clip_are_compared() -> None:
    """Every two by all runs, and every one with several others by those that are always made."""
    kinds = {run.kinds for run in RUNS.values()}
    always = {RUNS[name].kinds for name in (*SMOOTH, *CLIFFS) if name not in THOROUGH}
    for place, family in enumerate((LANDSCAPES, OPTIMIZERS, CLIPS)):
        for kind in traceable_kinds(family):
            assert len({one for one in always if one[place] == kind}) >= 3
    for first, second in ((0, 1), (0, 2), (1, 2)):
        families = [LANDSCAPES, OPTIMIZERS, CLIPS]
        expected = set(itertools.product(traceable_kinds(families[first]), traceable_kinds(families[second])))
        expected = {pair for pair in expected if (first, second) != (0, 1) or has_matrix(*pair)}
        assert {(one[first], one[second]) for one in kinds} >= expected
    assert any(run.values.get("landscape.sequence_length") == 100 for run in ENDS.values())


@pytest.mark.parametrize("clip", traceable_kinds(CLIPS))
def test_arrows_are_the_gradient_and_the_input_and_output_of_the_clip(clip: str) -> None:
    """For the page's lens; every clip, stateful ones in step with their state."""
    run = smooth_run("himmelblau", "momentum", clip)
    (result,) = node.run([run.job()])
    column = dict(zip(run.job().columns, result, strict=True))
    arrows = {
        name: torch.stack([column[f"{name}_{axis}"] for axis in "xy"], -1) for name in ("gradient", "raw", "clipped")
    }
    rule, guard = run.transforms()
    carry = initial_carry(tensor(run.start), guard, rule)
    for step, position in enumerate(result[:2].T):
        value, gradient = value_and_gradient(LANDSCAPES["himmelblau"].loss(), position)
        now = carry._replace(theta=position)
        for name, expected in zip(arrows, (gradient, *before_and_after_clip(gradient, guard, rule, now)), strict=True):
            torch.testing.assert_close(arrows[name][step], expected, rtol=1e-11, atol=1e-12)
        carry, _ = apply_gradient(value, gradient, guard, rule, now)


def test_the_runs_include_runs_that_diverge(kernels: dict[str, Record]) -> None:
    """C2 and C3, at the steps the reference data names."""
    for scene, kind in (("C2", "product_of_weights"), ("C3", "linear_recurrence")):
        data = next(s for s in reference("cliffs")["scenes"] if s["id"] == scene)["runs"]["none"]
        known = data["float64_first_nonfinite"]
        loss, position, _ = first_nonfinite(kernels[f"{kind}-gradient_descent-none"])
        assert (loss, position) == (known["loss"], known["theta_inf"])


def test_a_run_of_no_steps_has_its_start_only() -> None:
    run = dataclasses.replace(smooth_run("saddle", "adam", "by_norm"), steps=0)
    (result,) = node.run([run.job()])
    expected = run.torch()
    assert result[:2, 0].tolist() == list(run.start)
    assert result[2, 0] == expected.loss[0] and result[node.COLUMNS.index("step_length"), 0].isnan()


@pytest.mark.parametrize("name", marked([*SMOOTH, *CLIFFS]))
def test_headers_name_the_parts_of_the_scene(name: str) -> None:
    run = RUNS[name]
    source = job(name).source
    head = [line for line in source.splitlines() if line.startswith("// ")]
    assert head[0].startswith("// Cliffscape kernel: ") and "do not edit" in head[0]
    assert source.startswith(head[0])
    for family, entry in run.entries().items():
        (line,) = (line for line in head if line.startswith(f"// {family}: {entry.kind}"))
        assert all(f"{parameter} = " in line for parameter in entry.structural if family == "landscape")
    assert max(len(line) for line in source.splitlines()[len(head) + 4 :]) <= 400, "lines a person can read"
