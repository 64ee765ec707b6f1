"""Kernels: every landscape x optimizer x clip in Node against PyTorch, all in one process; keys, headers, errors."""

import dataclasses
import functools
import itertools
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.backends.kernels import Kernel, curvature_kernel, descent_kernel, outcome_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Entry, Family, Range
from cliffscape.landscapes.descent.descend import (
    Record,
    apply_gradient,
    before_and_after_clip,
    initial_carry,
    trajectory,
)
from cliffscape.landscapes.descent.outcome import OUTCOMES
from cliffscape.landscapes.descent.step_profile import models
from cliffscape.landscapes.loss import Landscape, value_and_gradient
from cliffscape.landscapes.tracing.trace import UntraceableError
from tests import node
from tests.landscapes.clips.test_norm_and_value import WITHOUT_THRESHOLD
from tests.landscapes.descent.test_descend_science import PRESETS as PRESET_RUNS
from tests.landscapes.descent.test_outcome import CASES, rows
from tests.landscapes.optimizers.test_first_order import CLIPPED_RATE, LENGTHS, RATES, STARTS
from tests.landscapes.test_loss import sample
from tests.reference import reference, relative, tensor

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """A descent that can be made by PyTorch and by a kernel."""

    landscape: str
    optimizer: str
    clip: str
    start: tuple[float, float]
    steps: int
    values: Numbers  # what differs from the defaults, keyed as in a Scene

    def chosen(self, family: str, entry: Entry) -> dict[str, float]:
        """Parameters of one family."""
        return {name: self.values.get(f"{family}.{name}", default) for name, default in entry.defaults.items()}

    def entries(self) -> dict[str, Entry]:
        """The three entries by family."""
        return {
            "landscape": LANDSCAPES[self.landscape],
            "optimizer": OPTIMIZERS[self.optimizer],
            "clip": CLIPS[self.clip],
        }

    def torch(self) -> Record:
        """By PyTorch."""
        surface, rule, guard = self.entries().values()
        loss = LANDSCAPES[self.landscape].loss(**self.chosen("landscape", surface))
        optimizer = rule.function(**self.chosen("optimizer", rule))
        return trajectory(loss, tensor(self.start), optimizer, guard.function(**self.chosen("clip", guard)), self.steps)

    def job(self) -> node.Descent:
        """By the kernel."""
        surface = LANDSCAPES[self.landscape]
        chosen = self.chosen("landscape", surface)
        structural = {name: chosen[name] for name in surface.structural}
        kernel = descent_kernel(self.landscape, structural, self.optimizer, self.clip)
        values = {f"{f}.{name}": v for f, e in self.entries().items() for name, v in self.chosen(f, e).items()}
        return node.Descent(kernel.source, [values[name] for name in kernel.parameters], self.start, self.steps)


def smooth_run(landscape: str, optimizer: str, clip: str) -> Run:
    """60 steps at a stable learning rate, the one that is also compared with torch.optim."""
    rate = LENGTHS.get(optimizer, RATES[landscape] if clip in WITHOUT_THRESHOLD else CLIPPED_RATE)
    values = {"optimizer.learning_rate": rate, "optimizer.momentum": 0.8, "clip.threshold": 0.3, "clip.seed": 3}
    # Whole steps of a curvature method from a clipped gradient, which points elsewhere, may diverge.
    values["optimizer.step_scale"] = 0.05
    # From the usual start a step with the Hessian's absolute value leaves Beale's function for good.
    near = landscape == "beale" and OPTIMIZERS[optimizer].function().asks == "hessian"
    return Run(landscape, optimizer, clip, (2.8, 0.4) if near else STARTS[landscape], 60, values)


def cliff_run(landscape: str, optimizer: str, clip: str) -> Run:
    """25 steps of the landscape's first preset, with another optimizer or clip."""
    preset = LANDSCAPES[landscape].presets[0].choices
    rate = 0.02 if optimizer in LENGTHS else preset["optimizer.learning_rate"]
    values = {"optimizer.learning_rate": rate, "optimizer.momentum": 0.8, "clip.threshold": preset["clip.threshold"]}
    start = preset.get("start", LANDSCAPES[landscape].start)
    return Run(landscape, optimizer, clip, start, 25, values)


def preset_run(name: str, clip: str) -> Run:
    """60 steps of P1, P2 or P7."""
    preset = PRESET_RUNS[name]
    values = {"optimizer.learning_rate": preset["lr"], "clip.threshold": preset["v"]}
    return Run("one_unit_rnn", "gradient_descent", clip, (preset["w0"], preset["b0"]), 60, values)


def parameter_runs(landscape: Landscape) -> list[Run]:
    """10 steps at the ends of every range of a landscape's parameters, structural ones included."""
    runs = []
    for parameter in landscape.parameters:
        for end in (parameter.range.low, parameter.range.high):
            values = {f"landscape.{parameter.name}": end, "optimizer.learning_rate": 0.01, "clip.threshold": 0.5}
            runs.append(Run(landscape.kind, "momentum", "by_norm", landscape.start, 10, values))
    return runs


def traced(family: Family[Any]) -> list[str]:
    """The kinds that have kernels; the others declare why they have none."""
    return [entry.kind for entry in family if not entry.no_kernel]


def combinations() -> dict[tuple[str, str, str], None]:
    """Landscape, optimizer and clip.

    All of the first ones with one another; of those that came later, every two kinds meet at least once: the three are
    traced apart and put together, so what goes wrong goes wrong in a pair.
    """
    kinds = [traced(family) for family in (LANDSCAPES, OPTIMIZERS, CLIPS)]
    found = dict.fromkeys(itertools.product(kinds[0], FIRST_OPTIMIZERS, FIRST_CLIPS))
    for one, other in ((1, 2), (0, 1), (0, 2)):
        third = 3 - one - other
        met = {(entry[one], entry[other]) for entry in found}
        for i, j in itertools.product(range(len(kinds[one])), range(len(kinds[other]))):
            if (kinds[one][i], kinds[other][j]) not in met:
                entry = {one: kinds[one][i], other: kinds[other][j], third: kinds[third][(i + j) % len(kinds[third])]}
                # Where the two have no third one to meet with there is another, or none.
                if not has_matrix(entry[0], entry[1]):
                    entry[third] = {0: "himmelblau", 1: "newton", 2: ""}[third]
                if entry[2]:
                    found[entry[0], entry[1], entry[2]] = None
    return found


def has_matrix(landscape: str, optimizer: str) -> bool:
    """Whether the landscape has the matrix that the optimizer asks for: Gauss-Newton's takes residuals."""
    asks = OPTIMIZERS[optimizer].function().asks
    return asks != "gauss_newton" or LANDSCAPES[landscape].squares is not None


FIRST_OPTIMIZERS = ("gradient_descent", "momentum", "nesterov", "adam")
FIRST_CLIPS = ("none", "by_norm", "by_value", "by_norm_pytorch", "random_step")
SMOOTH = {f"{k}-{o}-{c}": smooth_run(k, o, c) for k, o, c in combinations() if k in RATES}
CLIFFS = {f"{k}-{o}-{c}": cliff_run(k, o, c) for k, o, c in combinations() if k not in RATES}
PRESETS = {f"{name}-{clip}": preset_run(name, clip) for name in PRESET_RUNS for clip in ("none", "by_norm")}
ENDS = {
    f"{run.landscape}-{next(iter(run.values))}-{next(iter(run.values.values())):g}": run
    for kind in traced(LANDSCAPES)
    for run in parameter_runs(LANDSCAPES[kind])
}
RUNS = {**SMOOTH, **CLIFFS, **PRESETS, **ENDS}


@functools.cache
def job(name: str) -> node.Descent:
    """A run's job, traced once."""
    return RUNS[name].job()


@pytest.fixture(scope="module")
def kernels() -> dict[str, Record]:
    """Every run by its kernel, all of them in one Node process."""
    made = {}
    for name, result in zip(RUNS, node.run([job(name) for name in RUNS]), strict=True):
        by_name = dict(zip(job(name).columns, result, strict=True))
        position = torch.stack([by_name["x"], by_name["y"]], -1)
        made[name] = Record(position, *(by_name[column] for column in Record._fields[1:]))
    return made


def first_lost(run: Record) -> tuple[int, int, int]:
    """First steps with a loss, a position, a gradient norm that are not finite; one past the end for never."""
    finite = run.loss.isfinite(), run.position.isfinite().all(-1), run.gradient_norm.isfinite()
    return tuple(int(column.int().cumprod(0).sum()) for column in finite)  # type: ignore[return-value]


def compare(measured: Record, expected: Record, bound: float, steps: int | None = None) -> None:
    """Every column to ``bound``, relative to its largest value over the run, as losses and norms go to 0."""
    for name, ours, theirs in zip(Record._fields, measured, expected, strict=True):
        assert relative(ours[:steps], theirs[:steps]) < bound, name


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_landscapes_equal_pytorch(name: str, kernels: dict[str, Record]) -> None:
    """1e-12 over 60 steps, in every column."""
    expected = RUNS[name].torch()
    assert expected.loss.isfinite().all()
    compare(kernels[name], expected, 1e-12)


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_of_the_cliff_equal_pytorch(name: str, kernels: dict[str, Record]) -> None:
    """1e-6 over 60 steps, in every column: chaos allows no more in general."""
    compare(kernels[name], RUNS[name].torch(), 1e-6)


@pytest.mark.parametrize("name", CLIFFS)
def test_cliffs_equal_pytorch_until_chaos(name: str, kernels: dict[str, Record]) -> None:
    """1e-12 over six steps, 1e-10 over twelve (a face multiplies rounding by hundreds); both end at the same step."""
    expected = RUNS[name].torch()
    assert first_lost(kernels[name]) == first_lost(expected)
    # A curvature method multiplies rounding by its matrix's condition number, up to 1e32: of those the first step.
    # Single steps from many places are compared by that measure in test_curvature.py.
    curved = bool(OPTIMIZERS[RUNS[name].optimizer].function().asks)
    compare(kernels[name], expected, 1e-12, 1 if curved else 6)
    compare(kernels[name], expected, 1e-10, 1 if curved else 12)


@pytest.mark.parametrize("name", ENDS)
def test_parameters_at_the_ends_of_their_ranges(name: str, kernels: dict[str, Record]) -> None:
    """T = 1 and T = 100 among them; 1e-9 as sums of powers of a hundred steps lose some digits at T = 100."""
    expected = RUNS[name].torch()
    assert first_lost(kernels[name]) == first_lost(expected)
    compare(kernels[name], expected, 1e-9)


def test_every_two_of_landscape_optimizer_and_clip_were_compared() -> None:
    kinds = {(r.landscape, r.optimizer, r.clip) for r in RUNS.values()}
    for first, second in ((0, 1), (0, 2), (1, 2)):
        families = [LANDSCAPES, OPTIMIZERS, CLIPS]
        expected = set(itertools.product(traced(families[first]), traced(families[second])))
        expected = {pair for pair in expected if (first, second) != (0, 1) or has_matrix(*pair)}
        assert {(one[first], one[second]) for one in kinds} >= expected
    assert any(run.values.get("landscape.sequence_length") == 100 for run in ENDS.values())


@pytest.mark.parametrize("clip", traced(CLIPS))
def test_arrows_are_the_gradient_and_what_the_clip_is_given_and_leaves(clip: str) -> None:
    """For the page's lens; every clip, stateful ones in step with their state."""
    run = smooth_run("himmelblau", "momentum", clip)
    (result,) = node.run([run.job()])
    column = dict(zip(run.job().columns, result, strict=True))
    arrows = {
        name: torch.stack([column[f"{name}_{axis}"] for axis in "xy"], -1) for name in ("gradient", "raw", "clipped")
    }
    made = {family: (entry, run.chosen(family, entry)) for family, entry in run.entries().items()}
    rule, guard = (made[family][0].function(**made[family][1]) for family in ("optimizer", "clip"))
    carry = initial_carry(tensor(run.start), guard, rule)
    for step, position in enumerate(result[:2].T):
        value, gradient = value_and_gradient(LANDSCAPES["himmelblau"].loss(), position)
        now = carry._replace(theta=position)
        for name, expected in zip(arrows, (gradient, *before_and_after_clip(gradient, guard, rule, now)), strict=True):
            torch.testing.assert_close(arrows[name][step], expected, rtol=1e-11, atol=1e-12)
        carry, _ = apply_gradient(value, gradient, guard, rule, now)


def test_runs_that_leave_the_numbers_were_among_them(kernels: dict[str, Record]) -> None:
    """C2 and C3, at the steps the reference data names."""
    for scene, kind in (("C2", "product_of_weights"), ("C3", "linear_recurrence")):
        data = next(s for s in reference("cliffs")["scenes"] if s["id"] == scene)["runs"]["none"]
        known = data["float64_first_nonfinite"]
        loss, position, _ = first_lost(kernels[f"{kind}-gradient_descent-none"])
        assert (loss, position) == (known["loss"], known["theta_inf"])


def test_steps_may_be_none_and_rows_beyond_them_stay_untouched() -> None:
    run = dataclasses.replace(smooth_run("saddle", "adam", "by_norm"), steps=0)
    (result,) = node.run([run.job()])
    expected = run.torch()
    assert result[:2, 0].tolist() == list(run.start)
    assert result[2, 0] == expected.loss[0] and result[node.COLUMNS.index("step_length"), 0].isnan()


def test_structural_parameters_are_in_the_kernel_and_numeric_ones_are_its_arguments() -> None:
    kernel = descent_kernel("one_unit_rnn", {"sequence_length": 7}, "momentum", "random_step")
    assert kernel.parameters == (
        "landscape.initial_state",
        "landscape.target",
        "optimizer.learning_rate",
        "optimizer.momentum",
        "clip.threshold",
        "clip.seed",
    )
    assert "sequence_length = 7" in kernel.source
    assert kernel.source.count("= sigmoid(") == 8, "one per step and one for the output"
    listed = re.search(r"export const parameters = \[(.*)\];", kernel.source)
    assert listed and tuple(re.findall(r'"([^"]+)"', listed[1])) == kernel.parameters


def test_equal_programs_have_equal_hashes_and_others_have_others() -> None:
    def of(steps: int = 5, optimizer: str = "adam", clip: str = "by_norm", kind: str = "one_unit_rnn") -> Kernel:
        return descent_kernel(kind, {"sequence_length": steps}, optimizer, clip)

    assert of().source == of().source and of().hash == of().hash
    others = [of(steps=6), of(optimizer="momentum"), of(clip="by_value"), of(kind="linear_recurrence")]
    assert len({of().hash, *(kernel.hash for kernel in others)}) == 5
    assert re.fullmatch(r"[0-9a-f]{20}", of().hash)
    default = descent_kernel("one_unit_rnn", {}, "adam", "by_norm")
    assert default.hash == of(steps=50).hash, "a default that is named is the same program"


def test_hashes_are_the_same_in_another_process() -> None:
    """The address of a kernel outlives the server that made it."""
    code = (
        "from cliffscape.landscapes.backends.kernels import *;"
        "print(descent_kernel('product_of_weights', {}, 'adam', 'random_step').hash, outcome_kernel().hash)"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert there == [descent_kernel("product_of_weights", {}, "adam", "random_step").hash, outcome_kernel().hash]


@pytest.mark.parametrize("name", [*SMOOTH, *CLIFFS])
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


def test_unknown_kinds_are_named() -> None:
    for kinds in (("moon", "adam", "none"), ("ravine", "moon", "none"), ("ravine", "adam", "moon")):
        with pytest.raises(KeyError, match="moon"):
            descent_kernel(kinds[0], {}, kinds[1], kinds[2])
    with pytest.raises(KeyError, match="moon"):
        curvature_kernel("moon", {})


def test_a_landscape_with_an_op_outside_the_tables_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    def bessel(theta: Tensor, scale: Annotated[float, Range(1, 2)] = 1.0) -> Tensor:
        """A summary."""
        return torch.special.bessel_j0(scale * theta).sum(-1) ** 2

    strange = dataclasses.replace(
        LANDSCAPES["ravine"], kind="bessel", squares=None, function=lambda theta, **_: bessel(theta)
    )
    monkeypatch.setitem(LANDSCAPES.entries, "bessel", strange)
    with pytest.raises(UntraceableError, match="bessel_j0"):
        descent_kernel("bessel", {}, "gradient_descent", "none")


def test_a_landscape_without_a_kernel_says_why() -> None:
    kinds = set(LANDSCAPES.entries) - set(traced(LANDSCAPES))
    assert kinds >= {"heavy_tails"}
    for kind in kinds:
        reason = LANDSCAPES[kind].no_kernel
        assert reason.endswith(".")
        with pytest.raises(UntraceableError, match=re.escape(reason)):
            descent_kernel(kind, {}, "adam", "none")
        with pytest.raises(UntraceableError, match=re.escape(reason)):
            curvature_kernel(kind, {})


def test_curvature_is_the_largest_eigenvalue_of_the_hessian() -> None:
    """Every landscape at 12 points of its window and at minima, all in one Node process.

    Relative to the Hessian's norm: of two eigenvalues of opposite sign the largest may be much smaller.
    """
    jobs, places = [], []
    for entry in map(LANDSCAPES.__getitem__, traced(LANDSCAPES)):
        minima = tensor([p for p in entry.minima(**entry.defaults) if entry.window.holds(p)][:6]).reshape(-1, 2)
        points = torch.cat([sample(entry.window, 12), minima])
        kernel = curvature_kernel(entry.kind, {})
        values = [entry.defaults[name.removeprefix("landscape.")] for name in kernel.parameters]
        jobs.append(node.Call(kernel.source, "sharpness", points, parameters=values))
        places.append((entry, points))
    for (entry, points), result in zip(places, node.run(jobs), strict=True):
        hessians = torch.stack([torch.autograd.functional.hessian(entry.loss(), point) for point in points])
        error = (result[:, 0] - torch.linalg.eigvalsh(hessians)[:, -1]).abs()
        assert (error <= 1e-10 * hessians.flatten(1).norm(dim=-1)).all(), entry.kind


def test_the_line_is_the_loss_with_slope_and_curvature_along_it() -> None:
    """Every landscape along 12 lines, all in one Node process."""
    jobs, lines = [], []
    for entry in map(LANDSCAPES.__getitem__, traced(LANDSCAPES)):
        points = sample(entry.window, 12)
        along = torch.nn.functional.normalize(points.flip(0) - points.mean(0), dim=-1)
        kernel = curvature_kernel(entry.kind, {})
        values = [entry.defaults[name.removeprefix("landscape.")] for name in kernel.parameters]
        jobs.append(node.Call(kernel.source, "models", torch.cat([points, along], -1), 3, values))
        jobs.append(node.Call(kernel.source, "loss", points, parameters=values))
        lines.append((entry, models(entry.loss(), points, along)))
    results = node.run(jobs)
    for (entry, expected), found, loss in zip(lines, results[::2], results[1::2], strict=True):
        torch.testing.assert_close(found, torch.stack(expected, -1), rtol=1e-9, atol=1e-12, msg=entry.kind)
        torch.testing.assert_close(loss[:, 0], found[:, 0], rtol=0, atol=0)


def test_curvature_in_the_ravine_of_the_cliff_is_that_of_fifty_digits() -> None:
    """2/sharpness is the mark on the page's slider."""
    curve = reference("one_unit_surface")["zero_loss_curve"]
    kernel = curvature_kernel("one_unit_rnn", {"sequence_length": 50})
    points = tensor([[row["w"], row["b"]] for row in curve])
    (result,) = node.run([node.Call(kernel.source, "sharpness", points, parameters=[0.5, 0.7])])
    torch.testing.assert_close(2 / result[:, 0], tensor([row["max_stable_lr"] for row in curve]), rtol=1e-9, atol=0)


def test_the_fate_kernel_is_the_rule_of_outcomes() -> None:
    kernel = outcome_kernel()
    assert kernel.parameters == ()
    listed = "export const names = () => outcomes.map((name) => name.length);"
    calls = [
        node.Call(kernel.source, "outcome", rows()),
        node.Call(f"{kernel.source}\n{listed}\n", "names", torch.zeros(1, 0), results=len(OUTCOMES)),
    ]
    codes, lengths = node.run(calls)
    assert [OUTCOMES[int(code)] for code in codes[:, 0]] == [name for _, name in CASES]
    assert lengths[0].tolist() == [len(name) for name in OUTCOMES]
    assert all(f'"{name}"' in kernel.source for name in OUTCOMES)
