"""Headlines: what happened to a run in one short sentence, chosen by the outcome and the clauses of its verdict."""

from collections.abc import Mapping

# For each outcome, clauses of a verdict and the sentence of the first one that the verdict has, after a lead such as
# "Without clipping, ". Where two clauses are named, the verdict must have both. The placeholders are those of the
# clauses. The last clause of each outcome is always there.
HEADLINES: Mapping[str, Mapping[str, str]] = {
    "converged": {
        "recovered oscillates": "the run is thrown {thrown_length} units at step {thrown_step}, comes back, and still "
        "oscillates at a loss of {end_loss}.",
        "recovered": "the run is thrown {thrown_length} units at step {thrown_step} and still converges, to a loss of "
        "{end_loss}.",
        "oscillates": "the loss reaches {end_loss} and still oscillates.",
        "end": "the run converges to a loss of {end_loss}.",
    },
    "not_converged": {
        "recovered": "the run is thrown {thrown_length} units at step {thrown_step} and recovers to a loss of "
        "{end_loss}.",
        "leaps": "step {thrown_step} takes the run {thrown_length} units away to a lower loss, and its loss ends at "
        "{end_loss}.",
        "slow_threshold": "the threshold keeps the run slow: its loss is {end_loss} after {steps|step|steps}.",
        "slow_rate": "the learning rate keeps the run slow: its loss is {end_loss} after {steps|step|steps}.",
        "slow_step": "the run is too slow: its loss is {end_loss} after {steps|step|steps}.",
        "bounces": "the run jumps back and forth, between losses {lower_loss} and {upper_loss}.",
        "level_bounces": "the run jumps back and forth, at a loss of {end_loss}.",
        "falls": "the loss is {end_loss} after {steps|step|steps} and still falling.",
        "creeps": "the loss is {end_loss} after {steps|step|steps}, and its curve is flat.",
        "strays": "the loss falls to {lowest_loss} and ends at {end_loss} after {steps|step|steps}.",
        "rises": "the loss rises from {lowest_loss} to {end_loss} in {steps|step|steps}.",
        "end": "the run does not converge: its loss is {end_loss} after {steps|step|steps}.",
    },
    "stalled": {
        "recovered": "the run is thrown {thrown_length} units at step {thrown_step} and comes to rest at a loss of "
        "{end_loss}.",
        "saddle": "the run comes to rest at a saddle, with a loss of {end_loss}.",
        "minimum": "the run comes to rest in a local minimum, with a loss of {end_loss}.",
        "even_minimum": "the run comes to rest in a local minimum, with a loss of {end_loss}.",
        "maximum": "the run rests on a maximum, with a loss of {end_loss}.",
        "even_maximum": "the run rests on a maximum, with a loss of {end_loss}.",
        "trough": "the run comes to rest in a flat trough, with a loss of {end_loss}.",
        "ridge": "the run rests on a ridge, with a loss of {end_loss}.",
        "plateau": "the run comes to rest on a plateau, with a loss of {end_loss}.",
        "cancelled": "the clipped minibatch gradients cancel, and the run rests at a loss of {end_loss}.",
        "shortened": "the clip shortens the steps to nothing, and the run rests at a loss of {end_loss}.",
        "zeroed": "the clip replaces the gradient by zero, and the run rests at a loss of {end_loss}.",
        "end": "the run comes to rest at a loss of {end_loss}.",
    },
    "thrown": {
        "thrown": "step {thrown_step} throws the run {thrown_length} units away, and its loss ends at {end_loss}.",
    },
    "diverged": {
        "nonfinite_start": "the run has Inf or NaN from the start on.",
        "thrown": "step {thrown_step} throws the run {thrown_length} units away, and it diverges at step "
        "{nonfinite_step}.",
        "nonfinite": "the run diverges at step {nonfinite_step}, after a loss of {finite_loss}.",
    },
}
