"""The net of ``slices.py``, and the peer's process: loss-landscapes walking its ``random_plane``, once per line read.

Started by ``slices.py``; alone it measures nothing.
"""

import sys
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch

UNITS, LENGTH, SIZE = 32, 50, 64
NET = Net(CELLS["tanh_rnn"].function(UNITS), TASKS["adding"].function(LENGTH))


def problem() -> tuple[Tensor, Batch]:
    """Theta ``(D,)`` and a minibatch, float32."""
    theta = NET.initial(INITIALISATIONS["framework_default"].function(), torch.tensor([0]), torch.float32)[0]
    return theta, NET.minibatch(torch.tensor(0), 0, SIZE, torch.float32)


class Peer(nn.Module):
    """The same net as a PyTorch user writes it."""

    def __init__(self, theta: Tensor) -> None:
        super().__init__()
        self.rnn, self.readout = nn.RNN(NET.task.inputs, UNITS), nn.Linear(UNITS, 1)
        weights = NET.layout.unpack(theta)
        # The package normalises by the length of every row: a second bias of zeros would make it divide 0 by 0.
        half = weights["bias"] / 2
        order = (weights["weight_ih"], weights["weight_hh"], half, half, weights["weight_out"], weights["bias_out"])
        with torch.no_grad():
            for parameter, value in zip(self.parameters(), order, strict=True):
                parameter.copy_(value)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.readout(self.rnn(inputs)[0][-1]).squeeze(-1)


def theta_of(modules: list[nn.Module]) -> Tensor:
    """The peer's parameters, laid out as ours."""
    rnn_ih, rnn_hh, bias_ih, bias_hh, out, bias_out = (part.detach() for part in modules[0].parameters())
    named = {"weight_ih": rnn_ih, "weight_hh": rnn_hh, "bias": bias_ih + bias_hh, "weight_out": out}
    return NET.layout.pack({**named, "bias_out": bias_out})


def serve(side: int, answers: Path) -> None:
    """The package's process: the points it evaluates and their losses into a file, then a timed walk per line read."""
    try:
        import loss_landscapes  # noqa: PLC0415 - only in this process, only where it is installed
        from loss_landscapes.metrics import Loss, Metric  # noqa: PLC0415
    except ImportError:
        return

    torch.set_num_threads(1)
    theta, batch = problem()
    points, losses = [], []
    metric = Loss(nn.functional.mse_loss, batch.inputs, batch.targets[0])

    class Recorded(Metric):
        def __call__(self, wrapper: object) -> float:
            points.append(theta_of(wrapper.modules))  # type: ignore[attr-defined]
            losses.append(metric(wrapper))
            return losses[-1]

    def walk(measure: Metric) -> None:
        torch.manual_seed(0)
        loss_landscapes.random_plane(Peer(theta), measure, distance=1, steps=side)

    walk(Recorded())
    torch.save((torch.stack(points), torch.tensor(losses, dtype=torch.float64)), answers)
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.process_time()
        walk(metric)
        print(time.process_time() - began, flush=True)


if __name__ == "__main__" and len(sys.argv) == 3:
    serve(int(sys.argv[1]), Path(sys.argv[2]))
