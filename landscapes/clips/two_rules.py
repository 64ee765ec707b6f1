"""Clips of two rules: by value and then by norm, or every minibatch and then their mean."""

from cliffscape.landscapes.clips.family import Call, FirstThreshold, Threshold, TrainingCalls, clip, no_calls
from cliffscape.landscapes.clips.norm_and_value import by_norm, by_norm_pytorch, by_value
from cliffscape.landscapes.transform import Transform, in_sequence


@clip(
    "By value, then by norm",
    first=("value_threshold", "square"),
    calls=TrainingCalls(
        Call(
            "torch.nn.utils.clip_grad_value_(model.parameters(), clip_value={value_threshold})\n"
            "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={threshold})"
        ),
        "Keras allows only one of clipvalue, clipnorm and global_clipnorm.",
        Call(
            "optax.chain(optax.clip({value_threshold}), optax.clip_by_global_norm({threshold}), {optimizer})",
            "It does not add 10⁻⁶ to the norm.",
        ),
    ),
)
def by_value_then_norm(value_threshold: FirstThreshold = 0.2, threshold: Threshold = 0.2) -> Transform:
    """Clamp each component of the gradient, and then scale the result down if its norm is larger than the threshold.

    Args:
        value_threshold: The largest magnitude a single component may have before the norm is computed.
        threshold: The largest norm that a clamped gradient may have.

    Formula: gᵢ ← min(max(gᵢ, −c), c); then g ← g min(1, v/(‖g‖ + 10⁻⁶))
    Bounds: a clamped gradient of n components has a norm of at most c √n, so the second rule acts only if v is smaller.
    At threshold: A norm of v is scaled by slightly less than 1, as by torch.nn.utils.clip_grad_norm_.
    One Inf: That entry becomes c, with its sign, and then the gradient is clipped by norm.
    One NaN: All entries become NaN, because the norm is NaN.
    Norm overflow: Entries are clamped before they are squared, so the norm cannot overflow.
    Reference: PyTorch, torch.nn.utils.clip_grad_value_ followed by clip_grad_norm_; the same as
    optax.chain(optax.clip(c), optax.clip_by_global_norm(v)) except for the 10⁻⁶
    """
    return in_sequence(by_value(value_threshold), by_norm_pytorch(threshold))


@clip(
    "By norm, per minibatch and mean",
    first=("minibatch_threshold", "circle"),
    calls=no_calls(
        "No framework has a call for it: it needs the gradient of every minibatch. Clip each of them by norm, add the "
        "clipped gradients up, and clip their mean."
    ),
)
def by_norm_then_mean(minibatch_threshold: FirstThreshold = 1.0, threshold: Threshold = 0.2) -> Transform:
    """Clip the gradient of every minibatch by norm, and then the mean of the clipped gradients.

    Args:
        minibatch_threshold: The largest norm that the gradient of a minibatch may have.
        threshold: The largest norm that the mean of the clipped minibatches may have.

    Formula: for every minibatch k: if ‖gₖ‖ > c: gₖ ← gₖ c/‖gₖ‖; g ← mean of gₖ; if ‖g‖ > v: g ← g v/‖g‖
    Bounds: the mean has a norm of at most c, so the second rule acts only if v is smaller than c.
    Minibatches: on landscapes without examples, on slices and in training there is one gradient per step, and both
    rules act on it: its norm becomes at most the smaller threshold.
    At threshold: Unchanged, both a minibatch at c and a mean at v.
    One Inf: Passed on, because the gradient has no direction then, and the run diverges.
    One NaN: Passed on, and the run diverges.
    Norm overflow: Clipped like any other gradient: entries are divided by the largest before they are squared.
    Reference: Abadi et al. 2016, algorithm 1, without its noise and with one example per minibatch; then the rule of
    Goodfellow, Bengio & Courville 2016, eq. 10.48-10.49
    """
    each, mean = by_norm(minibatch_threshold), by_norm(threshold)
    return in_sequence(each, mean)._replace(stages=(each, mean))
