"""The gradient flow in words."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from tests import node

PROGRAM = """
import { flowSentence } from "./js/views/network/gradient_flow.js";
const norms = JSON.parse(process.argv[2]).map(Number);
console.log(flowSentence({ state_gradients: norms, spectral_radii: [1.5] }));
"""
NAN, INF = math.nan, math.inf
FLOWS = [
    ([32.2, 4.0, 1.0], "Gradients grow", "is 32.2 times the derivative"),
    ([0.5, 1.0], "Gradients shrink", "is 1/2 of the derivative"),
    ([0.1, 0.1], "Gradients keep their length", "is 1 times the derivative"),
    # Too small for float64, or their ratio too large for it.
    ([0.0, 0.2], "Gradients shrink", "is 0 in float64, and with respect to the last one it is 0.2."),
    ([1e-300, 1e20], "Gradients shrink", "is 1.00e−300, and with respect to the last one it is 1.00e20."),
    ([0.0, 0.0], "Gradients keep their length", "is 0 in float64, and with respect to the last one it is 0."),
    ([INF, 1.0], "Gradients grow", "is Inf, and with respect to the last one it is 1."),
    ([NAN, 1.0], "Gradients become Inf or NaN", "is NaN, and with respect to the last one it is 1."),
]


@pytest.mark.parametrize(("norms", "way", "comparison"), FLOWS)
def test_the_sentence_says_how_the_first_norm_compares_with_the_last_one(
    scripts: Path, norms: list[float], way: str, comparison: str
) -> None:
    (scripts / "program.js").write_text(PROGRAM, encoding="utf-8")
    given = json.dumps([str(norm).replace("inf", "Infinity").replace("nan", "NaN") for norm in norms])
    command = [node.executable(), str(scripts / "program.js"), given]
    sentence = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert sentence.startswith(f"{way} as they are propagated back through time.")
    assert f"the first hidden state {comparison}" in sentence
