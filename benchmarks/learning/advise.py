"""Is the advice right? Training again at the threshold that ``cliffscape advise`` recommends, and the time it takes.

    python benchmarks/learning/advise.py            T = 20, 10 seeds, twice: a minute and a half on one core
    python benchmarks/learning/advise.py --reading  the time that reading 200 MB takes, and the memory

Temporal order, tanh RNN of 50 units, as in temporal_order.py: the same seeds, weights and minibatches. The gradient
norms of the unclipped runs are written as logs and read again. Then each seed is trained again, clipped by norm at the
threshold for its own log, and at the ends of the recommended range.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import torch
from torch import Tensor

from cliffscape.app.logs.reading import read_log
from cliffscape.landscapes.advice.advice import Advice, advise
from cliffscape.landscapes.catalogue import CLIPS, OPTIMIZERS
from cliffscape.landscapes.networks.catalogue import CELLS, INITIALISATIONS, TASKS
from cliffscape.landscapes.networks.network import Net
from cliffscape.landscapes.networks.training import side_by_side, train
from cliffscape.landscapes.transform import Transform

HEAD = "seed unclipped advice        low solved     at solved   high solved"
SEEDS, UPDATES, EVERY = 10, 2500, 250
LINES = {
    "dict_line": "{{'loss': 2.5, 'grad_norm': 1.{0}, 'learning_rate': 5e-05, 'epoch': 0.1}}\n",
    "pattern_line": "step {0} | loss: 5.8650 | lr 4.28e-05 | norm: 2.1234 | dt: 3056.21ms | tok/sec: 171549.24\n",
    "json_line": '{{"lr": 0.01, "grad_norm": 2.5, "loss": 1.75, "step": {0}, "time": 0.25, "memory": 1024}}\n',
    "csv": "{0},0.25,2.5,1.75,0.01,1700000000.0,0.875,128,0.9375,1024,171549.24\n",
}


def train_with(clips: list[Transform]) -> tuple[Tensor, Tensor, Tensor]:
    """Norms and losses ``(K, C, S)``, and the updates after which each run was solved ``(C, S)``, 0 for never."""
    net = Net(CELLS["tanh_rnn"].function(50), TASKS["temporal_order"].function(20))
    seeds = torch.arange(SEEDS)
    theta = net.initial(INITIALISATIONS["normal"].function(), seeds, torch.float64)
    start = torch.stack([theta] * len(clips))
    norms, losses, solved = [], [], torch.zeros(len(clips), SEEDS, dtype=torch.int64)
    optimizer = OPTIMIZERS["gradient_descent"].function(0.1)
    for part in train(net, start, seeds, optimizer, side_by_side(*clips), UPDATES, block=EVERY, fresh=10_000):
        norms.append(part.gradient_norm)
        losses.append(part.loss)
        solved = torch.where((solved == 0) & (part.error < 0.01), part.updates, solved)
    return torch.cat(norms), torch.cat(losses), solved


def advice_for(norms: Tensor, losses: Tensor, folder: Path) -> Advice:
    """The advice for a run, from a log with the form of torchtitan's."""
    rows = zip(losses.tolist(), norms.tolist(), strict=True)
    path = folder / "log.txt"
    lines = (f"step: {k}  loss: {loss:8.4f}  grad_norm: {norm:8.4f}\n" for k, (loss, norm) in enumerate(rows, 1))
    path.write_text("".join(lines), encoding="utf-8")
    reading = read_log(path)
    return advise(reading.runs[""], reading.places[""])


def report_training() -> None:
    """A row per seed, and how many seeds are solved."""
    norms, losses, alone = train_with([CLIPS["none"].function()])
    with tempfile.TemporaryDirectory() as folder:
        found = [advice_for(norms[:, 0, k], losses[:, 0, k], Path(folder)).recommendation for k in range(SEEDS)]
    columns = zip(*((one.low, one.threshold, one.high) for one in found), strict=True)
    clips = [CLIPS["by_norm"].function(torch.tensor(column).double().unsqueeze(-1)) for column in columns]
    _, _, solved = train_with(clips)
    print(HEAD)
    for k, one in enumerate(found):
        cells = [text or "-" for text in (str(int(part)) if part else "" for part in (alone[0, k], *solved[:, k]))]
        print(
            f"{k:>4} {cells[0]:>9} {one.kind:<10} {one.low:>6} {cells[1]:>6} {one.threshold:>6} {cells[2]:>6}"
            f" {one.high:>6} {cells[3]:>6}"
        )
    counts = [int((one > 0).sum()) for one in (alone[0], *solved)]
    print(
        f"solved of {SEEDS}: {counts[0]} without clipping (required: <= 5), {counts[2]} at the recommended threshold "
        f"(required: >= 9), {counts[1]} and {counts[3]} at the ends of its range"
    )


def report_reading(megabytes: int) -> None:
    """Seconds and memory for a file of this size."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, line in LINES.items():
            path = Path(folder) / "log"
            with path.open("w", encoding="utf-8") as file:
                file.write(
                    "step,time,grad_norm,loss,lr,timestamp,accuracy,batch,other,memory,speed\n" if kind == "csv" else ""
                )
                for block in range((megabytes << 20) // (1000 * len(line))):
                    file.write("".join(line.format(1000 * block + k) for k in range(1000)))
            began = time.process_time()
            reading = read_log(path)
            seconds = time.process_time() - began
            size = path.stat().st_size
            # In kilobytes, with PyTorch's 300 MB; it never falls.
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            print(
                f"{kind:<13} {size >> 20:>4} MB  {reading.with_norm:>9,} records  {seconds:6.1f} s of CPU"
                f"  {peak:>5} MB of memory"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", action="store_true")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {options.threads} threads")
    if options.reading:
        report_reading(options.megabytes)
    else:
        report_training()


if __name__ == "__main__":
    main()
