"""The report on a log as JSON, with the numbers behind its sentences. Inf and NaN are null, as JSON has neither."""

import json
import math
from dataclasses import asdict, is_dataclass
from typing import Any

from cliffscape.app.advice.code_lines import code_lines
from cliffscape.app.advice.report import place_sentence, recommendation_sentences
from cliffscape.app.advice.sentences import statement_sentence
from cliffscape.app.logs.reading import LogReading
from cliffscape.app.scene.metadata import version
from cliffscape.landscapes.advice.advice import QUANTILES, Advice

# Fields of the advice that JSON has under other names, or not at all.
OTHER = ("log", "quantiles", "recommendation", "recommended", "warm_up")


def json_report(reading: LogReading, key: str, advice: Advice) -> str:
    """The report on one run of a log."""
    run, found = reading.runs[key], advice.recommendation
    counts = {**asdict(reading.counts), "records": reading.records, "with_norm": reading.with_norm}
    steps = {"first": run.steps[0], "last": run.steps[-1], "every": run.every, "numbered": run.numbered}
    advised = {
        **{name: getattr(found, name) for name in ("kind", "threshold", "low", "high", "typical")},
        "effect": advice.recommended,
        "sentences": [*recommendation_sentences(advice)],
        "unknown": [*map(statement_sentence, found.unknown)],
        "code": code_lines(found.threshold) if found.threshold > 0 else {},
    }
    content = {
        "version": version(),
        "file": reading.file,
        "format": reading.log_format.label,
        "run": key,
        "runs": [*reading.runs],
        "columns": run.columns,
        "lines": counts,
        "steps": {**steps, "repeated": run.repeated},
        "norms_taken": {"place": advice.place, "sentence": place_sentence(advice)},
        "warm_up": advice.warm_up._asdict(),
        "quantiles": {f"{share:g}": value for share, value in zip(QUANTILES, advice.quantiles, strict=False)},
        **{name: value for name, value in vars(advice).items() if name not in (*OTHER, "place")},
        "recommendation": advised,
    }
    return json.dumps(plain(content), allow_nan=False, ensure_ascii=False, indent=2) + "\n"


def plain(value: Any) -> Any:
    """The value made of what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
