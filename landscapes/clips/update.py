"""Clips of the step: the optimizer uses the whole gradient, and its step is clipped."""

from cliffscape.landscapes.clips.family import Call, Threshold, TrainingCalls, clip
from cliffscape.landscapes.clips.norm_and_value import none, scale_to_norm
from cliffscape.landscapes.transform import Transform


@clip(
    "Step by norm",
    acts_on="step",
    calls=TrainingCalls(
        "PyTorch clips gradients only: its optimizers change the parameters in one call, without returning the step.",
        "Keras clips gradients only. Its Adafactor bounds its own step, with clip_threshold.",
        Call(
            "optax.chain({optimizer}, optax.clip_by_global_norm({threshold}))",
            "Behind the optimizer in the chain the rule acts on the step. An Inf in the step makes other entries 0.",
        ),
    ),
)
def step_by_norm(threshold: Threshold = 0.1) -> Transform:
    """Update clipping: after the optimizer, scale the step down to the threshold when it is longer.

    Args:
        threshold: The longest step that passes unchanged, in units of the parameters.

    Formula: if ‖Δθ‖ > v: Δθ ← Δθ v/‖Δθ‖
    Memory: momentum and moments use the whole gradient; without them this is clipping the gradient to v/ε.
    At threshold: Unchanged.
    One Inf: The optimizer's step becomes Inf or NaN and is passed on.
    One NaN: The optimizer's step becomes NaN and is passed on.
    Norm overflow: Clipped like any other gradient.
    Reference: Shazeer & Stern 2018 (Adafactor), there by root mean square and before the learning rate
    """
    return none()._replace(limit=lambda step: scale_to_norm(step, threshold))
