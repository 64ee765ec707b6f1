"""Clip roles: whether a clipping threshold is a safety net for rare steps, or limits most of them."""

from torch import Tensor

# Shares of the steps that are clipped. Below the first the threshold is a safety net; above the second it limits.
RARE = 0.05
MOST = 0.5
CLIP_ROLES = {
    "safety_net": f"The threshold is a safety net: under {100 * RARE:g} % of the steps are clipped.",
    "frequent": f"The threshold is more than a safety net: {100 * RARE:g} % to {100 * MOST:g} % of the steps are "
    "clipped.",
    "limit": f"The threshold limits the step: over {100 * MOST:g} % of the steps are clipped.",
}


def clip_role(clipped: Tensor, taken: Tensor) -> dict[str, Tensor]:
    """Which role a threshold has that clipped ``clipped`` of ``taken`` steps, by name; none before the first step."""
    # NaN before the first step, and comparisons with NaN are false.
    share = clipped / taken
    return {"safety_net": share < RARE, "frequent": (share >= RARE) & (share <= MOST), "limit": share > MOST}
