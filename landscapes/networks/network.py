"""A recurrent net and its readout as a loss over one flat theta ``(..., D)``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from cliffscape.landscapes.loss import Loss
from cliffscape.landscapes.networks import counter_rng, unrolled
from cliffscape.landscapes.networks.cells import Cell
from cliffscape.landscapes.networks.compiled.cells import COMPILED, COMPILED_FOR_GPU
from cliffscape.landscapes.networks.compiled.net import CompiledNet
from cliffscape.landscapes.networks.initialisations import Initialisation
from cliffscape.landscapes.networks.layout import Layout
from cliffscape.landscapes.networks.tasks.task import Batch, Task

# The bytes of lanes that are evaluated together on the CPU, chosen by measurement. With fewer, the overhead of calling
# operations dominates. With more, the output of a step has left the cache before the next step reads it.
CACHE_BYTES = 1 << 22
# The same for gradients. Backpropagation needs the states of all steps, which do not fit into the cache anyway, so this
# only bounds the memory.
TAPE_BYTES = 1 << 25
# The streams of a lane's seed. They are separate, so minibatches and fresh sequences never share a sequence's key.
WEIGHTS, MINIBATCHES, FRESH = range(3)


@dataclass(frozen=True)
class Net:
    """A cell, and a linear readout of its hidden state, on a task."""

    cell: Cell
    task: Task

    @cached_property
    def layout(self) -> Layout:
        """Names and shapes of theta: the cell's, then ``weight_out`` and ``bias_out``."""
        readout = {"weight_out": (self.task.outputs, self.cell.hidden_units), "bias_out": (self.task.outputs,)}
        return Layout({**self.cell.shapes(self.task.inputs), **readout})

    @cached_property
    def compiled(self) -> CompiledNet | None:
        """The same net with compiled steps, if there is a compiler. They are for float64 on the CPU."""
        recurrence = COMPILED.get(self.cell)
        return None if recurrence is None else CompiledNet(recurrence, self.cell, self.layout)

    @cached_property
    def _compiled_on(self) -> dict[torch.device, CompiledNet | None]:
        return {}

    def compiled_on(self, device: torch.device) -> CompiledNet | None:
        """The same on any device, in float64."""
        if device.type == "cpu":
            return self.compiled
        if device not in self._compiled_on:
            steps = COMPILED_FOR_GPU.get(self.cell) if device.type == "cuda" else None
            found = None if steps is None else CompiledNet(steps, self.cell, self.layout, device)
            self._compiled_on[device] = found
        return self._compiled_on[device]

    def compiled_for(self, theta: Tensor, inputs: Tensor) -> CompiledNet | None:
        """The compiled net, if it can compute with this theta and these inputs."""
        found = self.compiled_on(theta.device) if theta.dtype == torch.float64 else None
        return found if found is not None and found.fits(inputs) else None

    def initial(self, initialisation: Initialisation, seeds: Tensor, dtype: torch.dtype = torch.float64) -> Tensor:
        """Theta ``(S, D)``, one row per seed, on the seeds' device; drawn on the CPU, so that all devices agree."""
        cell = self.cell
        drawn = initialisation(cell, self.layout.shapes, counter_rng.child(seeds.cpu(), WEIGHTS))
        start = torch.tensor(cell.bias_start, dtype=torch.float64).repeat_interleave(cell.hidden_units)
        drawn["bias"] = drawn["bias"] + start.repeat(cell.gates // len(cell.bias_start))
        return self.layout.pack(drawn).to(dtype).to(seeds.device)

    def minibatch(self, seeds: Tensor, update: int | Tensor, size: int, dtype: torch.dtype = torch.float64) -> Batch:
        """The minibatch of each seed at one update; a tensor of updates broadcasts against the seeds."""
        return self.task.sample(counter_rng.child(counter_rng.child(seeds, MINIBATCHES), update), size, dtype)

    def fresh(self, seeds: Tensor, part: int, size: int, dtype: torch.dtype = torch.float64) -> Batch:
        """Sequences that no update uses; ``part`` numbers independent batches of them."""
        return self.task.sample(counter_rng.child(counter_rng.child(seeds, FRESH), part), size, dtype)

    def states(self, theta: Tensor, inputs: Tensor) -> list[Tensor]:
        """Hidden states ``(L, B, H)`` after every step; see ``outputs`` for the shapes."""
        lead = theta.shape[:-1]
        weights = self.layout.unpack(theta.reshape(-1, theta.shape[-1]))
        spread = inputs.expand(*lead, *inputs.shape[-3:]).reshape(-1, *inputs.shape[-3:])
        return self.cell.states(spread, weights)

    def outputs(self, theta: Tensor, inputs: Tensor) -> Tensor:
        """Outputs ``(..., S, B, O)`` of the last S steps, which are those with a target.

        Theta is ``(..., D)``. Inputs ``(T, B, I)`` are shared by all lanes; inputs ``(..., T, B, I)`` broadcast against
        theta's leading axes.
        """
        return self.read(theta, self.states(theta, inputs))

    def read(self, theta: Tensor, states: list[Tensor]) -> Tensor:
        """Outputs ``(..., S, B, O)`` from the hidden states of all steps."""
        wanted = torch.stack(states[-self.task.steps :], 1)
        weights = self.layout.unpack(theta.reshape(-1, theta.shape[-1]))
        outputs = torch.baddbmm(weights["bias_out"].unsqueeze(-2), wanted.flatten(1, 2), weights["weight_out"].mT)
        return outputs.reshape(*theta.shape[:-1], *wanted.shape[1:3], -1)

    def loss(self, batch: Batch) -> Loss:
        """The mean loss on ``batch`` as a function of theta ``(..., D) -> (...)``."""

        def loss(theta: Tensor) -> Tensor:
            outputs = self.outputs(theta, batch.inputs)
            return self.task.loss(outputs, batch.targets.expand(outputs.shape[:-1]))

        return loss

    def lanes(self, theta: Tensor, batch: Batch) -> tuple[Tensor, Batch]:
        """Theta ``(L, D)``, and the batch with one leading axis: of length L, or 1 if all lanes share it."""
        lead = theta.shape[:-1]
        if batch.inputs.dim() == 3:
            spread = Batch(*(part.unsqueeze(0) for part in batch))
        else:
            spread = Batch(
                batch.inputs.expand(*lead, *batch.inputs.shape[-3:]).reshape(-1, *batch.inputs.shape[-3:]),
                batch.targets.expand(*lead, *batch.targets.shape[-2:]).reshape(-1, *batch.targets.shape[-2:]),
            )
        return theta.reshape(-1, theta.shape[-1]), spread

    def groups(self, theta: Tensor, batch: Batch, most: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Theta ``(L, D)``, inputs and targets of at most ``most`` lanes at a time on the CPU, of all on a GPU."""
        flat, spread = self.lanes(theta.detach(), batch)
        size = max(1, most if theta.is_cpu else len(flat))
        for first in range(0, len(flat), size):
            inputs, targets = (part if len(part) == 1 else part[first : first + size] for part in spread)
            yield flat[first : first + size], inputs, targets

    def evaluate(self, measure: Callable[[Tensor, Tensor], Tensor], theta: Tensor, batch: Batch) -> Tensor:
        """``measure(outputs, targets)`` ``(...)``, without a graph."""
        results, steps, most = [], self.task.steps, CACHE_BYTES // self.bytes_per_lane(batch, theta.dtype)
        compiled = self.compiled_for(theta, batch.inputs)
        for part, inputs, targets in self.groups(theta, batch, most):
            if compiled is None:
                outputs = unrolled.outputs(self.cell, self.layout.unpack(part), inputs, steps)
            else:
                outputs = compiled.outputs(part, inputs, steps)
            results.append(measure(outputs, targets.expand(outputs.shape[:-1])))
        return torch.cat(results).reshape(theta.shape[:-1])

    def value(self, batch: Batch) -> Loss:
        """``loss`` without a graph: several times faster, and equal up to rounding. For surfaces."""
        return lambda theta: self.evaluate(self.task.loss, theta, batch)

    def value_and_gradient(self, batch: Batch) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """Loss ``(...)`` and gradient ``(..., D)`` without autograd, which is faster. For training and surfaces."""

        def both(theta: Tensor) -> tuple[Tensor, Tensor]:
            most = TAPE_BYTES // self.bytes_per_lane(batch, theta.dtype, gradient=True)
            found = [self.measure(*group) for group in self.groups(theta, batch, most)]
            values, gradients = found[0] if len(found) == 1 else map(torch.cat, zip(*found, strict=True))
            return values.reshape(theta.shape[:-1]), gradients.reshape(theta.shape)

        return both

    def measure(self, theta: Tensor, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Loss ``(L)`` and gradient ``(L, D)``; ``inputs`` and ``targets`` are those of each lane, or one for all."""
        steps, compiled = self.task.steps, self.compiled_for(theta, inputs)

        def loss_and_slope(outputs: Tensor) -> tuple[Tensor, Tensor]:
            return self.task.loss_and_slope(outputs, targets.expand(outputs.shape[:-1]))

        if compiled is not None:
            return compiled.value_and_gradient(theta, inputs, steps, loss_and_slope)
        weights = self.layout.unpack(theta)
        value, slopes = unrolled.value_and_gradient(self.cell, weights, inputs, steps, loss_and_slope)
        return value, self.layout.pack(slopes)

    def bytes_per_lane(self, batch: Batch, dtype: torch.dtype, gradient: bool = False) -> int:
        """About how much memory ``value``, or ``value_and_gradient``, takes for each row of theta."""
        length, size, width = batch.inputs.shape[-3:]
        cell, answers = self.cell, self.task.steps * size * self.task.outputs
        # Theta and its factors; outputs, their log-softmax and the gathered entries; the buffers of a step.
        numbers = 2 * self.layout.size + 3 * answers + size * (cell.rows + cell.hidden_units + cell.extra_memory)
        if batch.inputs.dim() > 3:
            numbers += length * size * (width + 1)
        if gradient:
            # Gates and memories of all steps; gradients by the outputs, by the states of the last steps, and by theta.
            kept = cell.rows + cell.hidden_units + cell.extra_memory
            numbers += length * size * kept + 2 * answers + 2 * self.task.steps * size * cell.hidden_units
            numbers += 2 * self.layout.size
        return dtype.itemsize * numbers

    def error_rate(self, theta: Tensor, batch: Batch) -> Tensor:
        """Share of wrong answers ``(...)`` on ``batch``."""
        return self.evaluate(self.task.error_rate, theta, batch)

    def fresh_error(self, theta: Tensor, seeds: Tensor, count: int, chunk: int = 500) -> Tensor:
        """Share of wrong answers ``(...)`` on at least ``count`` fresh sequences, ``chunk`` at a time."""
        # Both divisions round up, so that at least ``count`` sequences are tested, in parts of equal size.
        parts = -(-count // chunk)
        size = -(-count // parts)
        rates = [self.error_rate(theta, self.fresh(seeds, part, size, theta.dtype)) for part in range(parts)]
        return torch.stack(rates).mean(0)
