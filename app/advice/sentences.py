"""Sentences about a log. The names are those of statements in ``landscapes/advice/``."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cliffscape.app.runs.verdicts import fill
from cliffscape.landscapes.advice.recommendation import FACTORS, Statement
from cliffscape.landscapes.advice.thresholds import BOOK_RANGE, PHASES

SENTENCES = {
    # Where the norms were taken.
    "before": "These norms were taken before the clip, if that run had one. Values above its threshold are expected: "
    "they do not mean that clipping failed.",
    "after": "These norms were taken after the clip, so none is above the threshold of that run.",
    "unknown": "The log does not say whether these norms were taken before or after the clip.",
    "ceiling": "Many norms are equal to the largest one, {ceiling}. Such a flat ceiling shows norms after clipping at "
    "this threshold; how large the gradients were is not in the log.",
    # What the reader did.
    "numbered": "The log has no steps, so its records are numbered.",
    "repeated": "{repeated|record has|records have} the step of a later one, which is used instead.",
    "other_norms": "Other columns with norms are not used: {names}.",
    # Parts of the run.
    "learning_rate": "The warm-up, {records|record|records} until step {step}, is set apart: the learning rate rises "
    "until then.",
    "norm": "The warm-up, {records|record|records} until step {step}, is set apart: these norms are above almost all "
    "later ones.",
    "trend": "No value of a norm is normal in itself, since it depends on the model and on the loss. Here the median "
    "is {first} in the first tenth of the records and {last} in the last tenth.",
    "nonfinite_steps": "{count|norm is|norms are} Inf or NaN, at {steps}. No threshold repairs such a step; skip it.",
    "no_spike": "No norm is more than {times} times the median of the norms before it.",
    "some_spikes": "{count|spike|spikes}: a norm more than {times} times the median of the norms before it.",
    "spikes_raise": "After {raised} of them the loss was higher. Clipping shortens such a step and keeps its "
    "direction. If the loss still rises after a clipped spike, skip the step instead.",
    "spikes_harmless": "The loss did not stay higher after any of them, so there is no reason to skip these steps.",
    "book": f"The book's rule of thumb, {BOOK_RANGE[0]:g} to {BOOK_RANGE[1]:g} times the average norm ({{mean}}), "
    "gives {low} to {high}.",
    "replay": "{label} with its default parameters would clip {clipped} of the {records} records and keep {kept} of "
    "their lengths on average. It would cut the largest norm, {largest}, to {largest_after}.",
    "replay_uncut": "{label} with its default parameters would clip {clipped} of the {records} records and keep {kept} "
    "of their lengths on average. It would leave the largest norm, {largest}, as it is.",
    "replay_undefined": "{label} would make finite gradients NaN from record {undefined} of {records} on, because a "
    "norm before it is Inf or NaN.",
    # The recommendation.
    "kind_limit": "Clip by norm at {threshold}; {low} to {high} is a reasonable range.",
    "kind_spikes": "Clip by norm at {threshold}; {low} to {high} is a reasonable range.",
    "kind_safety_net": "Clip by norm at {threshold}, as a safety net; {low} to {high} is a reasonable range.",
    "kind_keep": "Keep the threshold {threshold} for now, log the norm before the clip, and ask again.",
    "kind_none": "There is no recommendation.",
    "effect": "It clips {clipped} of the logged steps and keeps {kept} of their lengths on average.",
    # Reasons.
    "lost": "The run was unstable: its smoothed loss fell from {first} to {best}, and ended at {last}.",
    "nonfinite": "The run was unstable: {count} of {records} norms are Inf or NaN, the first at step {step}.",
    "not_recovered": "After the spike at step {step} the loss rose from {before} to {after} and did not come back.",
    "typical": f"While the run made progress, the norms were largest in one of up to {PHASES} parts, with a median of "
    "{typical}. Clipping at this norm shortens the long steps and leaves most of the length of the others.",
    "recovered": "The loss did not stay higher after a spike. The largest spike was {largest} at step {step}.",
    "recovered_late": "The run recovered from all spikes ({count}), but after {raised} of them the loss was higher, "
    "for up to {longest} records. The largest spike was {largest} at step {step}.",
    "spikes_alone": "The log has {count|spike|spikes}. The largest one is {largest} at step {step}.",
    "above_typical": f"In the part (of up to {PHASES}) where the norms are largest, their median is {{typical}}. At "
    f"{FACTORS['spikes'][0]:g} times that norm usual steps keep their length, and spikes lose most of theirs.",
    "no_spikes": "There are no spikes, so no threshold is needed. The largest norm is {largest}: this threshold "
    "changes no logged step, and shortens larger ones.",
    "few_norms": "After the warm-up there are {count} finite norms above 0; at least {fewest} are needed.",
    # What is not known.
    "no_replay": "The log cannot be replayed: with another threshold the run would have gone elsewhere.",
    "one_in": "One step in {every} is logged. Spikes at the other steps are not in the log.",
    "after_clip": "Norms after the clip do not show how large the gradients were.",
    "place_unknown": "If the norms were taken after the clip, they are too small.",
    "no_losses": "Without losses at the same steps, the log does not show whether the spikes did any harm.",
    "setting": "A threshold suits one model, batch size and learning rate. Change one of them, and look again.",
}


# Numbers that are shown in full, and not with three digits, if they are whole.
WHOLE = ("step", "every")


def sentence(name: str, values: Mapping[str, Any] | None = None) -> str:
    """A sentence with its numbers."""
    shown = {key: int(one) if key in WHOLE and one == int(one) else one for key, one in (values or {}).items()}
    return fill(SENTENCES[name], shown)


def statement_sentence(statement: Statement) -> str:
    """The sentence of a statement."""
    late = statement.name == "recovered" and statement.values["raised"] > 0
    return sentence("recovered_late" if late else statement.name, statement.values)


def percent(share: float) -> str:
    """A share as a percentage, with one decimal near 0 and 1: 0.4 %, 97 %. Halves are rounded up, as on the page."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    place = Decimal("0.1") if 0 < share < 0.1 or 0.99 < share < 1 else Decimal(1)
    return f"{Decimal(100 * share).quantize(place, ROUND_HALF_UP)} %"
