"""The quantities of a report as the page names them, each with the sentence that explains it."""

from cliffscape.landscapes.advice.spikes import AROUND, BEFORE, TIMES
from cliffscape.landscapes.descent.clip_role import MOST, RARE

QUANTITIES = {
    "Gradient norms": "The gradient norm ‖g‖ is the length of the vector of all derivatives of the loss with respect "
    "to the parameters. Clipping by norm shortens a longer gradient to the threshold and keeps its direction.",
    "quantiles": "The share above each norm is that of the norms that are not larger. Half of them are at most the "
    "one below 50 %, the median.",
    "times the median": f"The norm divided by the median of the up to {BEFORE} norms before it. A spike is more than "
    f"{TIMES:g} times as large.",
    "loss before": f"The median loss of the {AROUND} records before the spike.",
    "loss after": f"The median loss of the {AROUND} records after the spike.",
    "steps clipped": "The share of the logged steps after the warm-up whose norm is above the threshold.",
    "length kept": "How much of its length a step keeps, as a mean over these steps: threshold ÷ norm for a step that "
    "is clipped, 1 for every other one.",
    "role": f"A threshold is a safety net if it clips under {100 * RARE:g} % of the steps. It limits the step if it "
    f"clips over {100 * MOST:g} %: then most steps have the length of the threshold, and not that of their gradients.",
}
