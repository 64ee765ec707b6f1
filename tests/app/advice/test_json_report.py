"""The report as JSON."""

import json
import math

import numpy as np

from cliffscape.app.advice.json_report import json_report, plain
from cliffscape.landscapes.advice.advice import advise
from tests.app.advice.logs import unstable


def test_numbers_and_sentences() -> None:
    reading = unstable()
    advice = advise(reading.runs[""], reading.places[""])
    found = json.loads(json_report(reading, "", advice))
    assert (found["format"], found["runs"], found["columns"]["norm"]) == ("CSV table", [""], "grad_norm")
    assert found["lines"]["lines"] == 1001 and found["lines"]["with_norm"] == 1000
    assert found["steps"] == {"first": 10, "last": 10_000, "every": 10, "numbered": False, "repeated": 0}
    assert found["nonfinite"] == [7010] and found["spikes"][0]["norm"] == 300
    assert found["quantiles"]["0.5"] == advice.quantiles[3]
    advised = found["recommendation"]
    assert advised["kind"] == "limit" and advised["threshold"] == advice.recommendation.threshold
    assert advised["effect"]["clipped"] == advice.recommended.clipped if advice.recommended else False
    assert advised["sentences"][0].startswith("Clip by norm at") and len(advised["unknown"]) == 4
    assert advised["code"]["DeepSpeed"].startswith('"gradient_clipping"')
    assert [one["kind"] for one in found["replays"]] == ["autoclip", "zclip"]
    assert {one["role"] for one in found["effects"]} <= {"safety_net", "frequent", "limit"}


def test_inf_and_nan_are_null() -> None:
    assert plain({"a": (math.inf, math.nan, np.float64(1.5)), "b": None, "c": True}) == {
        "a": [None, None, 1.5],
        "b": None,
        "c": True,
    }
