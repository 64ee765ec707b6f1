"""``cliffscape.compare``: a model trained without and with clipping, on the same batches."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_view import ModelView
from cliffscape.landscapes.models.module_loss import LossOfBatch, check_loss, copy_module, list_batches, one_number
from cliffscape.landscapes.models.trainings.recorded_run import RecordedRun, TrainingLog, check_count

BuildOptimizer = Callable[[Iterator[nn.Parameter]], torch.optim.Optimizer]
# A largest norm of all gradients together, or a function that clips the gradients of a list of parameters in place.
Clip = float | Callable[[list[nn.Parameter]], Any]


@dataclass(frozen=True)
class TrainedRun:
    """One of the two runs. ``loss``, ``gradient_norm`` and ``clip_factor`` ``(steps,)`` are those of each step's batch.

    Loss and norm are those before the step, the norm is that before the clip, and the factor is the norm after the clip
    divided by the norm before it. Inf and NaN are data. ``recorded`` has the parameters along the run, and ``model`` is
    the trained copy.
    """

    model: nn.Module
    recorded: RecordedRun
    loss: Tensor
    gradient_norm: Tensor
    clip_factor: Tensor


@dataclass(frozen=True)
class Comparison:
    """The runs ``without`` and ``with_clipping`` of the same model.

    ``log`` has the rows of both, and ``view`` is the view whose page shows their curves, if there is one.
    """

    without: TrainedRun
    with_clipping: TrainedRun
    log: TrainingLog
    view: ModelView | None = None

    def with_view(self, view: ModelView) -> "Comparison":
        """The comparison with a view of its model, such as one through the principal directions of a run.

        Raises:
            BoundError: the view is one of another model.
        """
        self.without.recorded.check_model(view.subject.found.parameters)
        return replace(self, view=view)


def compare(
    model: nn.Module,
    loss: LossOfBatch,
    batches: Iterable[Any],
    optimizer: BuildOptimizer,
    clip: Clip,
    steps: int,
    *,
    every: int = 10,
    seed: int = 0,
    view: ModelView | None = None,
) -> Comparison:
    """Train two copies of a model on the same batches, one without and one with clipping, step by step in turn.

    Args:
        model: The model at its initial weights. It does not change.
        loss: Returns the loss of a batch as a tensor with one number.
        batches: The batches, in their order. After the last one, the first one follows.
        optimizer: Builds an optimizer from parameters, such as ``lambda parameters: torch.optim.SGD(parameters, 0.1)``.
        clip: The largest norm of the whole gradient, or a function that clips the gradients of a list of parameters.
        steps: How many steps each run takes.
        every: The number of steps between two snapshots.
        seed: Of the random numbers that the loss draws. Both runs draw the same ones.
        view: A view of the model. Its page shows both curves as they grow.

    Raises:
        BoundError: an argument is out of its bound.
    """
    check_count("steps", steps)
    check_clip(clip)
    check_loss(loss)
    data = list_batches(batches)
    runs = [Trainee(model, loss, optimizer, one, every) for one in (None, clip)]
    log = TrainingLog(steps)
    if view is not None:
        view.put_last(log)
    train_in_turn(runs, data, log, seed)
    columns = torch.stack(log.rows).unbind(1)
    pairs = zip(runs, columns, strict=True)
    without, with_clipping = (TrainedRun(run.model, run.recorded, *column.unbind(-1)) for run, column in pairs)
    return Comparison(without, with_clipping, log, view)


def check_clip(clip: Clip) -> None:
    """Check that gradients can be clipped by this.

    Raises:
        BoundError: it is neither a function nor a positive number.
    """
    if callable(clip):
        return
    try:
        positive = bool(clip > 0)
    except (TypeError, RuntimeError):
        positive = False
    if not positive:
        raise BoundError("clip", repr(clip), "greater than 0, or a function that clips gradients")


class Trainee:
    """A copy of a model that is trained, with its optimizer and its recorded run.

    Raises:
        BoundError: no parameter of the model is trained, or the optimizer trains none of them.
    """

    def __init__(
        self, original: nn.Module, loss: LossOfBatch, optimizer: BuildOptimizer, clip: Clip | None, every: int
    ) -> None:
        self.model, self.loss, self.clip = copy_module(original), loss, clip
        pairs = zip(self.model.parameters(), original.parameters(), strict=True)
        self.parameters = [one for one, own in pairs if own.requires_grad]
        if not self.parameters:
            raise BoundError("model", type(original).__name__, "a module with parameters that require gradients")
        for one in self.parameters:
            one.requires_grad_()
        self.optimizer = build_optimizer(optimizer, self.parameters)
        self.recorded = RecordedRun(self.model, self.optimizer, every)

    def step(self, batch: Any) -> Tensor:
        """Take a step; returns the loss before it, the gradient norm before the clip, and the clip factor ``(3,)``."""
        self.optimizer.zero_grad()
        found = one_number(self.loss(self.model, batch))
        found.backward()  # type: ignore[no-untyped-call]
        before = gradient_norm(self.parameters)
        clip_gradients(self.parameters, self.clip)
        # Of a gradient of zero, nothing is clipped.
        factor = torch.where(before == 0, torch.ones_like(before), gradient_norm(self.parameters) / before)
        self.optimizer.step()
        return torch.stack([found.detach().double().cpu(), before, factor])


def build_optimizer(build: BuildOptimizer, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer of these parameters.

    Raises:
        BoundError: ``build`` returns no optimizer of them, or one that asks for the loss several times in a step.
    """
    bound = "a function from parameters to their optimizer, such as lambda parameters: torch.optim.SGD(parameters, 0.1)"
    if not callable(build):
        raise BoundError("optimizer", type(build).__name__, bound)
    found = build(iter(parameters))
    if not isinstance(found, torch.optim.Optimizer):
        raise BoundError("optimizer(parameters)", type(found).__name__, "a torch.optim.Optimizer")
    own = set(map(id, parameters))
    # An optimizer of the user's model would leave both copies untrained, and change that model.
    if not all(id(one) in own for group in found.param_groups for one in group["params"]):
        raise BoundError(
            "optimizer(parameters)", "one of other parameters", "an optimizer of the parameters it is given"
        )
    if isinstance(found, torch.optim.LBFGS):
        raise BoundError("optimizer(parameters)", "LBFGS", "an optimizer whose step needs one gradient")
    return found


def train_in_turn(runs: list[Trainee], batches: list[Any], log: TrainingLog, seed: int) -> None:
    """Take the steps of the log, in each step one of every run. All runs draw the same random numbers."""
    gpus = list({one.device for run in runs for one in run.parameters if one.is_cuda})
    with ExitStack() as stack:
        stack.enter_context(torch.random.fork_rng(gpus))
        for run in runs:
            stack.enter_context(run.recorded)
        torch.manual_seed(seed)
        for step in range(log.steps):
            before, rows = random_states(gpus), []
            for run in runs:
                set_random_states(gpus, before)
                rows.append(run.step(batches[step % len(batches)]))
            log.rows.append(torch.stack(rows))


def random_states(gpus: list[torch.device]) -> list[Tensor]:
    """The states of PyTorch's random streams: that of the CPU, then those of the GPUs."""
    return [torch.get_rng_state(), *(torch.cuda.get_rng_state(one) for one in gpus)]


def set_random_states(gpus: list[torch.device], states: list[Tensor]) -> None:
    """Set these states again."""
    torch.set_rng_state(states[0])
    for one, state in zip(gpus, states[1:], strict=True):
        torch.cuda.set_rng_state(state, one)


def clip_gradients(parameters: list[nn.Parameter], clip: Clip | None) -> None:
    """Clip the gradients in place."""
    if callable(clip):
        clip(parameters)
    elif clip is not None:
        torch.nn.utils.clip_grad_norm_(parameters, clip)


def gradient_norm(parameters: list[nn.Parameter]) -> Tensor:
    """The norm ``()`` of all gradients together, in float64."""
    norms = [torch.linalg.vector_norm(one.grad.double()).cpu() for one in parameters if one.grad is not None]
    return torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.zeros((), dtype=torch.float64)
