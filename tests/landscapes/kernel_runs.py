"""Runs that a kernel is compared on: every landscape, optimizer and clip, the presets, and the ends of every range."""

import functools
import itertools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cliffscape.landscapes.backends.kernels import descent_kernel
from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Entry
from cliffscape.landscapes.descent.descend import (
    Record,
    trajectory,
)
from cliffscape.landscapes.formula.presets import CLIFF, HOLE, RECURRENCE
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.transform import Transform, with_own_stream
from tests import node
from tests.landscapes.clips.test_norm_and_value import WITHOUT_THRESHOLD
from tests.landscapes.descent.test_descend_science import PRESETS as PRESET_RUNS
from tests.landscapes.optimizers.test_first_order import CLIPPED_RATE, LENGTHS, RATES, STARTS
from tests.reference import tensor
from tests.routes import traceable_kinds

Numbers = Mapping[str, Any]
FAMILIES = (LANDSCAPES, OPTIMIZERS, CLIPS)
NUMBERS: Numbers = {"optimizer.learning_rate": 0.01, "clip.threshold": 0.5}


@dataclass(frozen=True)
class Run:
    """A descent that can be made by PyTorch and by a kernel."""

    landscape: str
    optimizer: str
    clip: str
    start: tuple[float, float]
    steps: int
    values: Numbers  # what differs from the defaults, keyed as in a Scene

    @property
    def kinds(self) -> tuple[str, str, str]:
        """Landscape, optimizer and clip."""
        return self.landscape, self.optimizer, self.clip

    def parameters(self, family: str, entry: Entry) -> dict[str, float]:
        """Parameters of one family."""
        return {name: self.values.get(f"{family}.{name}", default) for name, default in entry.defaults.items()}

    def entries(self) -> dict[str, Entry]:
        """The three entries by family."""
        return {
            "landscape": LANDSCAPES[self.landscape],
            "optimizer": OPTIMIZERS[self.optimizer],
            "clip": CLIPS[self.clip],
        }

    def transforms(self) -> tuple[Transform, Transform]:
        """Optimizer and clip in PyTorch."""
        _, rule, guard = self.entries().values()
        numbers = {
            f"{family}.{one.name}": self.parameters(family, entry)[one.name]
            for family, entry in self.entries().items()
            for one in entry.parameters
            if not one.range.structural
        }
        clip = with_own_stream(guard.function(**self.parameters("clip", guard)), numbers)
        return rule.function(**self.parameters("optimizer", rule)), clip

    def torch(self) -> Record:
        """By PyTorch."""
        loss = LANDSCAPES[self.landscape].loss(**self.parameters("landscape", LANDSCAPES[self.landscape]))
        return trajectory(loss, tensor(self.start), *self.transforms(), self.steps)

    def job(self) -> node.Descent:
        """By the kernel."""
        surface = LANDSCAPES[self.landscape]
        chosen = self.parameters("landscape", surface)
        structural = {name: chosen[name] for name in surface.structural}
        kernel = descent_kernel(self.landscape, structural, self.optimizer, self.clip)
        values = {f"{f}.{name}": v for f, e in self.entries().items() for name, v in self.parameters(f, e).items()}
        return node.Descent(kernel.source, [values[name] for name in kernel.parameters], self.start, self.steps)


def is_plain(optimizer: str, clip: str) -> bool:
    """Whether one of the two is the plainest of its family: such a run is long, to see what the other one remembers.

    An error of two parts together shows in the first steps.
    """
    return optimizer == "gradient_descent" or clip == "none"


def smooth_run(landscape: str, optimizer: str, clip: str) -> Run:
    """60 or 20 steps at a stable learning rate, the one that is also compared with torch.optim."""
    rate = LENGTHS.get(optimizer, RATES[landscape] if clip in WITHOUT_THRESHOLD else CLIPPED_RATE)
    values = {"optimizer.learning_rate": rate, "optimizer.momentum": 0.8, "clip.threshold": 0.3, "clip.seed": 3}
    # Whole steps of a curvature method from a clipped gradient, which points elsewhere, may diverge.
    values["optimizer.step_scale"] = 0.05
    # From the usual start a step with the Hessian's absolute value leaves Beale's function for good, and steps with the
    # Gauss-Newton matrix amplify rounding.
    near = landscape == "beale" and OPTIMIZERS[optimizer].function().asks is not None
    steps = 60 if is_plain(optimizer, clip) else 20
    return Run(landscape, optimizer, clip, (2.8, 0.4) if near else STARTS[landscape], steps, values)


def cliff_run(landscape: str, optimizer: str, clip: str) -> Run:
    """25 or 13 steps of the landscape's first preset, with another optimizer or clip."""
    preset = LANDSCAPES[landscape].presets[0].choices
    rate = 0.02 if optimizer in LENGTHS else preset["optimizer.learning_rate"]
    values = {"optimizer.learning_rate": rate, "optimizer.momentum": 0.8, "clip.threshold": preset["clip.threshold"]}
    start = preset.get("start", LANDSCAPES[landscape].start)
    return Run(landscape, optimizer, clip, start, 25 if is_plain(optimizer, clip) else 13, values)


def preset_run(name: str, clip: str) -> Run:
    """60 steps of P1, P2 or P7."""
    preset = PRESET_RUNS[name]
    values = {"optimizer.learning_rate": preset["lr"], "clip.threshold": preset["v"]}
    return Run("one_unit_rnn", "gradient_descent", clip, (preset["w0"], preset["b0"]), 60, values)


def parameter_runs(landscape: Landscape) -> list[Run]:
    """10 steps at the ends of every range of a landscape's parameters, structural ones included."""
    runs = []
    for parameter in landscape.parameters:
        # A text has no ends; FORMULAS are the texts.
        if parameter.type is str:
            continue
        for end in (parameter.range.low, parameter.range.high):
            values = {f"landscape.{parameter.name}": end, **NUMBERS}
            runs.append(Run(landscape.kind, "momentum", "by_norm", landscape.start, 10, values))
    return runs


def combinations() -> dict[tuple[str, str, str], None]:
    """Landscape, optimizer and clip.

    Every one with the plainest of the others, and every two kinds at least once: the three are traced separately and
    composed, so an error shows in a pair.
    """
    kinds = [traceable_kinds(family) for family in FAMILIES]
    # A formula is no third one, because its default text is Rosenbrock's function, which is there already.
    thirds = [[kind for kind in family if kind != "formula"] for family in kinds]
    found = dict.fromkeys((kind, "gradient_descent", "none") for kind in kinds[0])
    found |= dict.fromkeys(("himmelblau", optimizer, "none") for optimizer in kinds[1])
    found |= dict.fromkeys(("himmelblau", "gradient_descent", clip) for clip in kinds[2])
    for one, other in ((1, 2), (0, 1), (0, 2)):
        third = 3 - one - other
        met = {(entry[one], entry[other]) for entry in found}
        for i, j in itertools.product(range(len(kinds[one])), range(len(kinds[other]))):
            if (kinds[one][i], kinds[other][j]) not in met:
                entry = {one: kinds[one][i], other: kinds[other][j], third: thirds[third][(i + j) % len(thirds[third])]}
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


SMOOTH = {f"{k}-{o}-{c}": smooth_run(k, o, c) for k, o, c in combinations() if k in RATES}


CLIFFS = {f"{k}-{o}-{c}": cliff_run(k, o, c) for k, o, c in combinations() if k not in RATES}


PRESETS = {f"{name}-{clip}": preset_run(name, clip) for name in PRESET_RUNS for clip in ("none", "by_norm")}


ENDS = {
    f"{run.landscape}-{next(iter(run.values))}-{next(iter(run.values.values())):g}": run
    for kind in traceable_kinds(LANDSCAPES)
    for run in parameter_runs(LANDSCAPES[kind])
}


EVERY_FUNCTION = """\
u = sum(exp(-x*x), log(1 + y*y), sqrt(1 + x*x), sin(3*x), cos(y), tan(x/9), tanh(y))
v = sum(sigmoid(4*x), softplus(9*y), relu(x), abs(y), minimum(x, y), maximum(x*y, a))
u*v + where(0 < x <= 2, x**2, y) + x**2.5/2**y"""


FORMULAS = {
    f"formula-{name}": Run("formula", "momentum", "by_norm", start, 10, {"landscape.text": text, **NUMBERS})
    for name, text, start in (
        ("recurrence", RECURRENCE, (4.6, -1.7)),
        ("cliff", CLIFF, (-1.0, 1.0)),
        ("hole", HOLE, (0.1, 2.5)),
        ("every function", EVERY_FUNCTION, (0.7, 0.4)),
    )
}


RUNS = {**SMOOTH, **CLIFFS, **PRESETS, **ENDS, **FORMULAS}
# Two thirds of the pairs without a plain part: their parts meet others in the last third. Drawn by a checksum, because
# every third name in order would leave out two thirds of the landscapes.
THOROUGH = {
    name
    for name, run in (SMOOTH | CLIFFS).items()
    if not is_plain(run.optimizer, run.clip) and zlib.crc32(name.encode()) % 3
}


@functools.cache
def job(name: str) -> node.Descent:
    """A run's job, traced once."""
    return RUNS[name].job()
