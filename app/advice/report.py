"""The report on a log: sections of plain text, made of sentences, tables and pictures of characters."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from cliffscape.app.advice.code_lines import code_lines
from cliffscape.app.advice.sentences import percent, sentence, statement_sentence
from cliffscape.app.advice.text_pictures import distribution, norms_over_steps
from cliffscape.app.logs.columns import Quantity
from cliffscape.app.logs.reading import LogReading
from cliffscape.app.logs.series import LoggedRun
from cliffscape.app.runs.verdicts import format_number
from cliffscape.landscapes.advice.advice import QUANTILES, Advice
from cliffscape.landscapes.advice.clip_replay import Replay
from cliffscape.landscapes.advice.spikes import TIMES, Spike
from cliffscape.landscapes.catalogue import CLIPS

WIDTH = 100
# A report names this many spikes and steps.
MOST_SPIKES, MOST_STEPS = 10, 5
ROLES = {"safety_net": "safety net", "frequent": "clips often", "limit": "limits the step", "": ""}
QUANTITIES: Mapping[Quantity, str] = {
    "step": "step",
    "norm": "gradient norm",
    "loss": "loss",
    "learning_rate": "learning rate",
}


def report(reading: LogReading, key: str, advice: Advice) -> str:
    """The report on one run of a log."""
    sections = {
        "Log": log_lines(reading, key),
        "Gradient norms": norm_lines(advice),
        "Spikes": spike_lines(advice),
        "Thresholds": threshold_lines(advice),
        "Other rules": rule_lines(advice),
        "Recommendation": recommendation_lines(advice),
    }
    return "\n\n".join("\n".join([name, *lines]) for name, lines in sections.items()) + "\n"


def wrapped(text: str) -> list[str]:
    """A paragraph in lines of at most ``WIDTH`` characters, indented."""
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table whose columns are aligned on the right, but for the last one."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "   ".join([*(cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]])
        for row in rows
    )
    return [f"  {line}".rstrip() for line in lines]


def log_lines(reading: LogReading, key: str) -> list[str]:
    """Which log it is, and what was read from it."""
    run = reading.runs[key]
    columns = ", ".join(f"{text} = {run.columns[name]}" for name, text in QUANTITIES.items() if name in run.columns)
    texts = [f"{reading.file}: {reading.log_format.label}", f"Columns: {columns}.", f"{reading.lines_sentence}."]
    if len(reading.runs) > 1:
        others = ", ".join(repr(name) for name in reading.runs if name != key)
        texts.append(f"This is the run {key!r}. The others are {others}; --run chooses one.")
    texts += run_notes(run)
    texts += [reading.log_format.note] if reading.log_format.note else []
    return [line for text in texts for line in wrapped(text)]


def run_notes(run: LoggedRun) -> list[str]:
    """What the reader did with the records of a run."""
    notes = [f"Steps {format_number(run.steps[0], 9)} to {format_number(run.steps[-1], 9)}."]
    if run.every > 1:
        notes.append(sentence("one_in", {"every": run.every}))
    if run.numbered:
        notes.append(sentence("numbered"))
    if run.repeated:
        notes.append(sentence("repeated", {"repeated": run.repeated}))
    if run.others:
        notes.append(sentence("other_norms", {"names": ", ".join(run.others)}))
    return notes


def place_sentence(advice: Advice) -> str:
    """Whether the norms are those before the clip. A flat ceiling contradicts what the format says."""
    if advice.ceiling is not None:
        return sentence("ceiling", {"ceiling": advice.ceiling})
    return sentence(advice.place)


def norm_sentences(advice: Advice) -> Iterator[str]:
    """Where the norms were taken, the warm-up, how they changed, and which are Inf or NaN."""
    yield place_sentence(advice)
    warm, log = advice.warm_up, advice.log
    if warm.records:
        yield sentence(warm.reason, {"records": warm.records, "step": float(log.steps[warm.records - 1])})
    if advice.trend is not None:
        yield sentence("trend", dict(zip(("first", "last"), advice.trend, strict=True)))
    if count := len(advice.nonfinite):
        named = ", ".join(format_number(step, 9) for step in advice.nonfinite[:MOST_STEPS])
        more = f" and {count - MOST_STEPS:,} more" if count > MOST_STEPS else ""
        place = f"{'step' if count == 1 else 'steps'} {named}{more}"
        yield sentence("nonfinite_steps", {"count": count, "steps": place})


def norm_lines(advice: Advice) -> list[str]:
    """Sentences about the norms, their picture over the steps, and their distribution."""
    lines = [line for text in norm_sentences(advice) for line in wrapped(text)]
    if not advice.quantiles:
        return lines
    picture = norms_over_steps(advice.log.norms)
    lines += ["", "  Over the steps, on a log scale:", f"  {picture}"] if picture else []
    names = ["smallest", *(f"{100 * share:g} %" for share in QUANTILES[1:-1]), "largest", ""]
    lines += ["", *aligned([names, [*(format_number(one) for one in advice.quantiles), ""]])]
    rows = distribution(advice.log.norms[advice.warm_up.records :])
    bars = [[format_number(low), "to", format_number(high), f"{count:,}", bar] for low, high, count, bar in rows]
    return lines + (["", *aligned(bars)] if bars else [])


def spike_lines(advice: Advice) -> list[str]:
    """The largest spikes, each with the loss before and after it."""
    if not advice.spikes:
        return wrapped(sentence("no_spike", {"times": TIMES}))
    lines = wrapped(sentence("some_spikes", {"count": len(advice.spikes), "times": TIMES}))
    raised = sum(one.raised for one in advice.spikes)
    if any(not math.isnan(one.loss_after) for one in advice.spikes):
        lines += wrapped(sentence("spikes_raise" if raised else "spikes_harmless", {"raised": raised}))
    largest = sorted(advice.spikes, key=lambda one: -one.norm)[:MOST_SPIKES]
    rows = [["step", "norm", "times the median", "loss before", "loss after", ""]]
    for one in sorted(largest, key=lambda one: one.first):
        numbers = (one.norm, one.times, one.loss_before, one.loss_after)
        texts = ["" if math.isnan(number) else format_number(number) for number in numbers]
        rows.append([format_number(one.step, 9), *texts, recovery_text(one)])
    return lines + aligned(rows)


def recovery_text(spike: Spike) -> str:
    """When the loss was back, if it rose."""
    if not spike.raised:
        return ""
    return "never back" if spike.recovered is None else f"back after {spike.recovered} records"


def threshold_lines(advice: Advice) -> list[str]:
    """What round thresholds, and the recommended one, would do."""
    chosen_one = [advice.recommended] if advice.recommended else []
    round_ones = [one for one in advice.effects if one.threshold != advice.recommendation.threshold]
    rows = [["threshold", "steps clipped", "length kept", ""]]
    for one in sorted([*round_ones, *chosen_one], key=lambda one: one.threshold):
        chosen = " (recommended)" if one is advice.recommended else ""
        role = ROLES[one.role] + chosen
        rows.append([format_number(one.threshold), percent(one.clipped), percent(one.kept), role])
    return aligned(rows)


def rule_lines(advice: Advice) -> list[str]:
    """The book's range, and the clips that learn their thresholds."""
    mean, low, high = advice.book
    texts = [sentence("book", {"mean": mean, "low": low, "high": high})] if math.isfinite(mean) else []
    # Without a finite norm there is nothing that a clip would have done.
    texts += [replay_sentence(one) for one in advice.replays if math.isfinite(one.largest)]
    return [line for text in texts for line in wrapped(text)]


def replay_sentence(replay: Replay) -> str:
    """What a clip would have done to the norms."""
    values: Mapping[str, object] = {
        **asdict(replay),
        "records": f"{replay.records:,}",
        "label": CLIPS[replay.kind].label,
        "clipped": percent(replay.clipped),
        "kept": percent(replay.kept),
    }
    if replay.undefined is not None:
        return sentence("replay_undefined", {**values, "undefined": replay.undefined + 1})
    uncut = format_number(replay.largest) == format_number(replay.largest_after)
    return sentence("replay_uncut" if uncut else "replay", values)


def recommendation_sentences(advice: Advice) -> Iterator[str]:
    """The recommendation, its reasons, and what is not known."""
    found = advice.recommendation
    yield sentence(f"kind_{found.kind}", {"threshold": found.threshold, "low": found.low, "high": found.high})
    yield from map(statement_sentence, found.reasons)
    if advice.recommended is not None:
        effect = advice.recommended
        yield sentence("effect", {"clipped": percent(effect.clipped), "kept": percent(effect.kept)})


def recommendation_lines(advice: Advice) -> list[str]:
    """The recommendation with its reasons, what is not known, and the line of code for each framework."""
    found = advice.recommendation
    lines = [line for text in recommendation_sentences(advice) for line in wrapped(text)]
    lines += ["", "  Not known:"]
    lines += [line for one in found.unknown for line in wrapped(f"- {statement_sentence(one)}")]
    if found.threshold > 0:
        lines += ["", *aligned([[f"{name}:".ljust(21), code] for name, code in code_lines(found.threshold).items()])]
    return lines
