"""The two leading Hessian eigenpairs of a net, against the PyPI package pyhessian and against the full Hessian.

    python benchmarks/hessian.py

Tanh RNN of 32 units, T = 50, 64 sequences of the adding problem; one thread; milliseconds of processor time, medians of
several turns. At most twice pyhessian's time, and eigenvalues and vectors right to 1e-4, are required. The peer is no
dependency:

    pip install --no-deps --target FOLDER pyhessian
    PYTHONPATH=FOLDER python benchmarks/hessian.py

It goes by the power method, so its pairs are the largest by modulus; those here are the largest, of which the first is
the sharpness. Each is compared with what it looks for in the full Hessian. The peer gets the same weights in torch.nn
modules, and its own defaults: it stops after 100 iterations, or at 1e-3 of change from one to the next.
"""

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.slices.hessian import largest_eigenpairs, split_loss
from cliffscape.landscapes.slices.subject import Subject

REQUIRED, EXACT, REPEAT = 2.0, 1e-4, 7
UNITS, LENGTH, SIZE = 32, 50, 64
OURS = "here, float64"
Job = Callable[[], tuple[Tensor, Tensor]]


def subject(initialisation: str) -> Subject:
    """The net at its initial weights, on its first minibatch."""
    net = Net(CELLS["tanh_rnn"].function(UNITS), TASKS["adding"].function(LENGTH))
    seeds = torch.tensor([0])
    drawn = net.minibatch(seeds, 0, SIZE)
    theta = net.initial(INITIALISATIONS[initialisation].function(), seeds)[0]
    return Subject(net, theta, Batch(drawn.inputs[0], drawn.targets[0]))


def ours(there: Subject) -> tuple[Tensor, Tensor]:
    """Eigenvalues and vectors, the graph of the gradient included."""
    work = largest_eigenpairs(split_loss(there), there.theta)
    try:
        while True:
            next(work)
    except StopIteration as end:
        return end.value


class Modules(torch.nn.Module):
    """The same net in PyTorch's modules; the second bias, which ours does not have, stays out of the Hessian."""

    def __init__(self, there: Subject) -> None:
        super().__init__()
        weights = there.net.layout.unpack(there.theta)
        self.recurrent = torch.nn.RNN(2, UNITS, dtype=there.theta.dtype)
        self.readout = torch.nn.Linear(UNITS, 1, dtype=there.theta.dtype)
        self.recurrent.bias_hh_l0.requires_grad_(False)
        names = ("weight_ih", "weight_hh", "bias", "weight_out", "bias_out")
        kept = [parameter for parameter in self.parameters() if parameter.requires_grad]
        with torch.no_grad():
            self.recurrent.bias_hh_l0.zero_()
            for parameter, name in zip(kept, names, strict=True):
                parameter.copy_(weights[name])

    def forward(self, inputs: Tensor) -> Tensor:
        return self.readout(self.recurrent(inputs)[0][-1])[..., 0]


def peer(hessian: Any, there: Subject) -> tuple[Tensor, Tensor]:
    """What pyhessian returns, its object included, which holds the graph of the gradient."""
    torch.manual_seed(0)
    data = (there.batch.inputs, there.batch.targets[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = hessian(Modules(there), torch.nn.functional.mse_loss, data=data, cuda=False)
        values, vectors = found.eigenvalues(top_n=2)
    return torch.tensor(values), torch.stack([torch.cat([part.flatten() for part in each]) for each in vectors])


def time_jobs(jobs: dict[str, Job]) -> dict[str, tuple[float, tuple[Tensor, Tensor]]]:
    """For each job the median in milliseconds after one warm-up, and its last result; in turns, as neighbours vary."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    results = {}
    for _ in range(REPEAT + 1):
        for name, job in jobs.items():
            began = time.process_time()
            results[name] = job()
            times[name].append(1000 * (time.process_time() - began))
    return {name: (statistics.median(times[name][1:]), results[name]) for name in jobs}


def deviations(found: tuple[Tensor, Tensor], values: Tensor, vectors: Tensor) -> tuple[float, float]:
    """Largest relative error of the eigenvalues, and largest distance between the unit vectors, signs aside."""
    units = found[1].double() / found[1].double().norm(dim=-1, keepdim=True)
    signs = (units * vectors).sum(-1, keepdim=True).sign()
    relative = (found[0].double() - values).abs() / values.abs()
    return float(relative.max()), float((units * signs - vectors).norm(dim=-1).max())


def report(initialisation: str, hessian: Any) -> bool:
    """The rows of one net; whether what is required holds."""
    there = subject(initialisation)
    full = torch.autograd.functional.hessian(there.loss, there.theta)
    values, vectors = torch.linalg.eigh((full + full.mT) / 2)
    jobs: dict[str, Job] = {OURS: partial(ours, there)}
    if hessian is not None:
        for dtype in (torch.float32, torch.float64):
            name = f"pyhessian, {str(dtype).removeprefix('torch.')}"
            jobs[name] = partial(peer, hessian, there.to("cpu", dtype))
    print(f"{initialisation}: full Hessian from {values[0]:.4f} to {values[-1]:.4f}")
    found, good = time_jobs(jobs), True
    milliseconds = found[OURS][0]
    for name, (theirs, pairs) in found.items():
        order = values if name == OURS else values.abs()
        wanted = order.argsort(descending=True)[:2]
        off = deviations(pairs, values[wanted], vectors[:, wanted].mT)
        pair = ", ".join(f"{value:.4f}" for value in pairs[0].tolist())
        share = f"here/there {milliseconds / theirs:.2f}"
        print(f"  {name:<19} {theirs:6.0f} ms  {pair:>18}  off by {off[0]:.0e}, vectors {off[1]:.0e}  {share}")
        good = good and (max(off) <= EXACT if name == OURS else milliseconds <= REQUIRED * theirs)
    return good


def main() -> None:
    torch.set_num_threads(1)
    try:
        from pyhessian import hessian  # noqa: PLC0415
    except ImportError:
        hessian = None
        print("pyhessian is missing: pip install --no-deps --target FOLDER pyhessian, then PYTHONPATH=FOLDER")
    good = [report(initialisation, hessian) for initialisation in ("framework_default", "normal", "orthogonal")]
    print(
        f"required: at most {REQUIRED} times pyhessian's time, off by at most {EXACT}: {'yes' if all(good) else 'NO'}"
    )
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
