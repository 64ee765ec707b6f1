"""What the book says of real recurrent nets, measured: clips by norm and by value, Nesterov's momentum, LSTMs.

    python benchmarks/learning/claims.py                  nesterov and lstm: a minute on one core; all seven take eight
    python benchmarks/learning/claims.py clips            clipping by norm and by value at several thresholds
    python benchmarks/learning/claims.py nesterov deeper  momentum and careful weights, each with and without the other
    python benchmarks/learning/claims.py second           the same task Hessian-free: 41 gradients an update
    python benchmarks/learning/claims.py lstm longer tanh plain gradient descent on LSTMs and on a plain net

All rows of a table and all their seeds are lanes of one run: the same seed, the same minibatches. A class is learned
once fewer than 1 % of 2,000 unseen sequences are answered wrongly; a sum, once the mean loss of a block of updates is
below 0.04, a quarter of what always answering 1 costs. No minibatch comes twice, so each is unseen when it is met.
"""

import argparse
import time
from typing import NamedTuple

import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.initialisations import Initialisation
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import Progress, first_time, side_by_side, train
from cliffscape.landscapes.transform import Transform

# Sutskever et al. 2013, table 4, for adding and multiplication; and Pascanu's "basic tanh".
CAREFUL: Initialisation = INITIALISATIONS["spectral_radius"].function(1.1, 15, 0.001, 0.1)
ORDINARY: Initialisation = INITIALISATIONS["normal"].function(0.1)
DEFAULT: Initialisation = INITIALISATIONS["framework_default"].function()


class Row(NamedTuple):
    """One way to train: momentum 0 is plain gradient descent."""

    weights: str
    initialisation: Initialisation
    clip: str
    threshold: float | None
    rate: float
    momentum: float = 0.0

    def build_clip(self) -> Transform:
        """The clip."""
        made: Transform = CLIPS[self.clip].function(*() if self.threshold is None else (self.threshold,))
        return made


class Table(NamedTuple):
    """A net, how long it is trained, and the ways to train it; ``period`` is that of the momentum's schedule.

    Where there are ``iterations`` of conjugate gradients it is trained Hessian-free, and a row's rate is its damping.
    """

    net: Net
    updates: int
    seeds: int
    rows: list[Row]
    period: int = 100
    batch_size: int = 20
    block: int = 250
    iterations: int = 0

    def method(self) -> Transform:
        """The optimizer of all rows at once; with momentum 0 the schedule's is gradient descent."""
        names, shape = ("rate", "momentum"), (-1, 1, 1)
        rates, momenta = (torch.tensor([getattr(row, n) for row in self.rows]).double().reshape(shape) for n in names)
        made: Transform
        if self.iterations:
            made = OPTIMIZERS["hessian_free"].function(1.0, rates, self.iterations)
        else:
            made = OPTIMIZERS["nesterov_schedule"].function(rates, momenta, self.period)
        return made


def net(cell: str, units: int, task: str, length: int) -> Net:
    """A net on a task."""
    return Net(CELLS[cell].function(units), TASKS[task].function(length))


def momentum_rows(rate: float, momentum: float) -> list[Row]:
    """With and without momentum, from careful weights and from ordinary ones; plain descent at several rates."""
    starts = [("careful", CAREFUL), ("N(0, 0.1²)", ORDINARY)]
    fast = [Row(name, weights, "by_norm", 1.0, rate, momentum) for name, weights in starts]
    plain = [Row(name, weights, "by_norm", 1.0, r) for name, weights in starts for r in (0.03, 0.1, 0.2, 0.3)]
    free = [Row("careful", CAREFUL, "none", None, rate, momentum), Row("careful", CAREFUL, "none", None, 0.1)]
    return [*fast, *plain, *free]


def curvature_rows(*dampings: float) -> list[Row]:
    """Hessian-free from careful weights and from ordinary ones."""
    starts = [("careful", CAREFUL), ("N(0, 0.1²)", ORDINARY)]
    return [Row(name, weights, "none", None, damping) for name, weights in starts for damping in dampings]


def plain_rows(*rates: float) -> list[Row]:
    """Gradient descent without and with clipping, from the framework's weights."""
    clips = [("none", None), ("by_norm", 1.0)]
    return [Row("framework", DEFAULT, clip, threshold, rate) for rate in rates for clip, threshold in clips]


def clip_rows() -> list[Row]:
    """No clip, and both clips at several thresholds."""
    norms = [("by_norm", threshold) for threshold in (0.1, 0.3, 1.0, 3.0, 10.0)]
    values = [("by_value", threshold) for threshold in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 1.0)]
    return [Row("N(0, 0.1²)", ORDINARY, clip, threshold, 0.1) for clip, threshold in [("none", None), *norms, *values]]


TABLES = {
    "clips": Table(net("tanh_rnn", 50, "temporal_order", 20), 2500, 8, clip_rows()),
    "nesterov": Table(net("tanh_rnn", 16, "adding", 12), 3000, 8, momentum_rows(0.03, 0.95)),
    "deeper": Table(net("tanh_rnn", 32, "adding", 20), 2000, 4, momentum_rows(0.03, 0.98), 250),
    "second": Table(
        net("tanh_rnn", 16, "adding", 12),
        100,
        8,
        curvature_rows(0.01, 0.1, 1.0),
        batch_size=100,
        block=10,
        iterations=20,
    ),
    "lstm": Table(net("lstm", 16, "temporal_order", 20), 2000, 6, plain_rows(0.1, 0.5)),
    "longer": Table(net("lstm", 50, "temporal_order", 30), 2500, 4, plain_rows(0.1)),
    "tanh": Table(net("tanh_rnn", 16, "temporal_order", 20), 2000, 6, plain_rows(0.1, 0.5)),
}


def has_learned(part: Progress) -> Tensor:
    """Which lanes ``(...)`` answer well: by their errors where these are counted, else by the block's losses."""
    return torch.where(part.error.isnan(), part.loss.mean(0) < 0.04, part.error < 0.01)


def updates_needed(table: Table) -> Tensor:
    """Updates ``(R, S)`` after which each row's seeds had learned; 0 where they never did."""
    seeds = torch.arange(table.seeds)
    start = torch.stack([table.net.initial(row.initialisation, seeds) for row in table.rows])
    clip = side_by_side(*(row.build_clip() for row in table.rows))
    size, block, fresh = table.batch_size, table.block, 2000 if table.net.task.outputs > 1 else 0
    parts = train(table.net, start, seeds, table.method(), clip, table.updates, size, block, fresh)
    return first_time(parts, has_learned)


def report(name: str, table: Table) -> None:
    """The table as Markdown."""
    began = time.process_time()
    found = updates_needed(table)
    spent = time.process_time() - began
    lanes = found.numel()
    print(f"\n{name}: T = {table.net.task.length}, {table.net.cell.hidden_units} units, {table.updates} updates;")
    print(f"{spent:.0f} s of processor time, {1000 * spent / table.updates:.1f} ms per update of {lanes} lanes\n")
    print("| weights | clip | threshold | momentum | rate | learned | after updates | median |")
    print("|---|---|---|---|---|---|---|---|")
    for row, updates in zip(table.rows, found, strict=True):
        done = updates[updates > 0]
        span = f"{done.min():,} to {done.max():,} | {int(done.median()):,}" if len(done) else "| "
        print(
            f"| {row.weights} | {row.clip} | {row.threshold or ''} | {row.momentum:g} | {row.rate:g} "
            f"| {len(done)} of {table.seeds} | {span} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", default=["nesterov", "lstm"], help=f"of {', '.join(TABLES)}")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, one thread, float64, minibatches of 20")
    for name in options.tables:
        report(name, TABLES[name])


if __name__ == "__main__":
    main()
