"""Outcomes: each one, which takes precedence if several hold, and those of the presets."""

import math

import pytest
import torch
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.declare import Preset
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.outcome import OUTCOMES, outcome
from cliffscape.landscapes.descent.summary import finite, initial_summary
from cliffscape.landscapes.loss import Landscape
from cliffscape.landscapes.optimizers.second_order import newton
from tests.landscapes.definitions import outcome_of
from tests.reference import tensor

INF, NAN = math.inf, math.nan
# x, y, loss, solved, lowest loss before the throw (Inf if there was none), gradient norm at the last step, that norm
# after the clip, its largest value so far, length of the last step, diagonal; and the outcome.
CASES = [
    ((0.0, 0.0, 0.005, 0.01, INF, 1.0, 1.0, 1.0, 0.1, 2.0), "converged"),
    ((0.0, 0.0, 0.005, 0.01, 0.1, 1.0, 1.0, 1.0, 0.1, 2.0), "converged"),  # thrown, but it recovered
    ((0.0, 0.0, 0.005, 0.01, 0.001, 1.0, 1.0, 1.0, 0.1, 2.0), "converged"),  # solved counts as recovered
    ((0.0, 0.0, 0.005, 0.01, INF, 0.0, 0.0, 1.0, 0.0, 2.0), "converged"),  # standing still, at the goal
    ((0.0, 0.0, 0.01, 0.01, INF, 1.0, 1.0, 1.0, 0.1, 2.0), "not_converged"),  # solved means below
    ((0.0, 0.0, 0.5, 0.01, INF, 1e-9, 1e-9, 1.0, 2e-5, 2.0), "not_converged"),
    ((0.0, 0.0, 0.5, 0.01, INF, 1e-9, 1e-9, 1.0, 1.9e-5, 2.0), "stalled"),
    ((0.0, 0.0, 0.5, 0.01, INF, 5e-4, 5e-4, 1.0, 0.0, 2.0), "stalled"),
    ((0.0, 0.0, 0.5, 0.01, INF, 6e-4, 6e-4, 1.0, 1e-9, 2.0), "not_converged"),  # a small step, but a slope
    ((0.0, 0.0, 500.0, 0.01, INF, 0.2, 0.2, 1.0, 1e-9, 2.0), "stalled"),  # the slope is small for this loss
    ((0.0, 0.0, 500.0, 0.01, INF, 4000.0, 0.2, 0.2, 1e-9, 2.0), "not_converged"),  # the threshold holds it
    ((0.0, 0.0, 0.5, 0.01, INF, 2.0, 0.009, 1.0, 1e-9, 2.0), "stalled"),  # clipped minibatches cancel
    ((0.0, 0.0, 0.5, 0.01, INF, 2.0, 0.011, 1.0, 1e-9, 2.0), "not_converged"),
    ((0.0, 0.0, 0.5, 0.01, INF, INF, NAN, 1.0, 0.0, 2.0), "stalled"),  # the clip makes it zero
    ((0.0, 0.0, 0.5, 0.01, INF, NAN, NAN, 1.0, 1e-9, 2.0), "not_converged"),
    ((0.0, 0.0, 0.5, 0.01, 0.4, 1.0, 1.0, 1.0, 0.1, 2.0), "thrown"),
    ((0.0, 0.0, 0.5, 0.01, 0.5, 1.0, 1.0, 1.0, 0.1, 2.0), "not_converged"),  # as low as before the throw
    ((50.0, 70.0, 0.09, 0.01, 0.002, 0.0, 0.0, 9.0, 0.0, 2.0), "thrown"),  # and at rest, but thrown says why
    ((0.0, 0.0, -3.0, -INF, INF, 1.0, 1.0, 1.0, 0.1, 2.0), "not_converged"),  # no minimum is known
    ((0.0, 0.0, 0.5, 0.01, INF, 0.0, 0.0, 1.0, NAN, 2.0), "not_converged"),
    ((INF, 0.0, 0.005, 0.01, INF, 0.0, 0.0, 1.0, 0.0, 2.0), "diverged"),
    ((0.0, NAN, 0.005, 0.01, 0.1, 0.0, 0.0, 1.0, 0.0, 2.0), "diverged"),
    ((0.0, -INF, 0.005, 0.01, INF, 0.0, 0.0, 1.0, 0.0, 2.0), "diverged"),
    ((0.0, 0.0, NAN, 0.01, INF, NAN, NAN, 1.0, NAN, 2.0), "diverged"),
    ((0.0, 0.0, INF, 0.01, INF, INF, NAN, 1.0, 0.1, 2.0), "diverged"),
    ((0.0, 0.0, -INF, 0.01, INF, 1.0, 1.0, 1.0, 0.1, 2.0), "diverged"),
]


def outcomes(rows: Tensor) -> list[str]:
    """The outcomes of cases ``(N, 10)``."""
    x, y, loss, solved, before, norm, clipped, largest, last, diagonal = rows.unbind(-1)
    position = torch.stack([x, y], -1)
    start = initial_summary(position)
    given = {"before_throw": before, "gradient_norm": norm, "clipped_norm": clipped, "largest_clipped": largest}
    end = start._replace(**given, last=last, finite_row=finite(position, loss).to(loss))
    return [OUTCOMES[int(code)] for code in outcome(end, loss, solved, diagonal)]


def test_every_outcome_and_which_comes_first() -> None:
    assert list(zip([case for case, _ in CASES], outcomes(tensor([case for case, _ in CASES])), strict=True)) == CASES
    assert {name for _, name in CASES} == set(OUTCOMES)


PROMISED = {
    # Without clipping, with clipping.
    "Thrown off the cliff": ("thrown", "converged"),
    "Thrown from most starts": ("thrown", "converged"),
    "Book figure 10.17": ("thrown", "converged"),
    "Pascanu’s figure 6": ("thrown", "not_converged"),
    "Adam slows after a spike": ("not_converged", "converged"),
    "Gradient descent overshoots": ("converged", "converged"),
    "Book figure 8.3": ("thrown", "converged"),
    "Overflow": ("diverged", "converged"),
    "Overflow close to the minimum": ("diverged", "converged"),
    "Diverges from the steep side": ("diverged", "converged"),
    "The classic start": ("not_converged", "not_converged"),
    "Jump to another valley": ("converged", "converged"),
    "Overflow from a corner": ("diverged", "converged"),
    "After book figure 8.2": ("converged", "converged"),
    "Newton goes to the saddle": ("stalled", "stalled"),
    "Newton goes to the minimum": ("converged", "converged"),
    "Newton along the level line": ("converged", "converged"),
    "Newton on a long chain": ("converged", "converged"),
    "Above the stable learning rate": ("thrown", "not_converged"),
    "The valley of the start": ("stalled", "not_converged"),
    "From valley to valley": ("not_converged", "not_converged"),
    "Newton goes to a maximum": ("stalled", "stalled"),
    "Out of a valley": ("not_converged", "not_converged"),
    "Steps that do not become shorter": ("not_converged", "not_converged"),
    "A long step to the lowest valley": ("converged", "not_converged"),
    "Overflow in the corner": ("diverged", "not_converged"),
}
PRESETS = [
    pytest.param(entry, preset, id=f"{entry.kind}-{preset.name}") for entry in LANDSCAPES for preset in entry.presets
]


def pair(entry: Landscape, preset: Preset) -> tuple[str, str]:
    """Outcomes of a preset's runs without and with its clip."""
    chosen = preset.choices
    settings = {k.partition(".")[2]: value for k, value in chosen.items() if k.startswith("optimizer.")}
    rule = OPTIMIZERS[chosen["optimizer"]].function(**settings)
    guards = CLIPS["none"].function(), CLIPS[chosen["clip"]].function(chosen["clip.threshold"])
    solved = -INF if entry.solved is None else entry.solved
    own = {name: chosen[f"landscape.{name}"] for name in entry.defaults if f"landscape.{name}" in chosen}
    shown, found = entry.of(**own), []
    for guard in guards:
        run = trajectory(shown.loss(**own), tensor(chosen.get("start", shown.start)), rule, guard, chosen["steps"])
        found.append(outcome_of(run, solved, shown.window.diagonal))
    return found[0], found[1]


@pytest.mark.parametrize(("entry", "preset"), PRESETS)
def test_presets_have_the_outcomes_that_their_sentences_name(entry: Landscape, preset: Preset) -> None:
    """No clipped run is thrown or diverges, and the outcomes are those in the presets' sentences."""
    without, guarded = pair(entry, preset)
    # Minibatches that are clipped one by one come to rest where the clipped gradients cancel.
    # Newton's method comes to rest at a saddle too.
    resting = bool(entry.examples or OPTIMIZERS[preset.choices["optimizer"]].function().asks)
    assert guarded in ("converged", "not_converged", *(("stalled",) if resting else ()))
    if preset.name in PROMISED:
        assert (without, guarded) == PROMISED[preset.name]


def test_numbers_in_the_sentences_of_presets_are_computed() -> None:
    """Steps to the first Inf, distances thrown, layers: numbers that a preset's sentence names."""
    free = CLIPS["none"].function()

    def sentence(kind: str, name: str) -> tuple[str, int, float]:
        entry = LANDSCAPES[kind]
        preset = next(preset for preset in entry.presets if name in preset.name)
        chosen = preset.choices
        settings = {k.partition(".")[2]: value for k, value in chosen.items() if k.startswith("optimizer.")}
        rule = OPTIMIZERS[chosen["optimizer"]].function(**settings)
        run = trajectory(entry.loss(), tensor(chosen.get("start", entry.start)), rule, free, 20)
        lost = ~run.loss.isfinite()
        longest = run.step_length[:-1][run.step_length[:-1].isfinite()].max().item()
        return preset.sentence, int(lost.int().argmax()), longest

    text, steps, _ = sentence("product_of_weights", "Overflow")
    assert "in five steps" in text and steps == 5
    text, steps, _ = sentence("beale", "Overflow from a corner")
    assert "in four steps" in text and steps == 4
    text, _, thrown = sentence("one_unit_rnn", "Thrown off")
    assert "9.45 units" in text and thrown == pytest.approx(9.45, abs=0.005)
    text, _, thrown = sentence("one_unit_rnn", "10.17")
    assert "95 units" in text and thrown == pytest.approx(95.46, abs=0.005)
    level = LANDSCAPES["one_unit_rnn"].presets[-1]
    found = trajectory(LANDSCAPES["one_unit_rnn"].loss(), tensor(level.choices["start"]), newton(), free, 1)
    assert "11.3 units" in level.sentence and float(found.step_length[0]) == pytest.approx(11.3, abs=0.05)
    assert abs(float(found.loss[1] - found.loss[0])) < 1e-15
    text, _, thrown = sentence("wall_and_floor", "8.3")
    assert "one step" in text.lower() and "twelve units" in text and thrown == pytest.approx(12.37, abs=0.005)
    composition = LANDSCAPES["repeated_composition"]
    assert "five smooth layers" in composition.presets[0].sentence
    assert composition.defaults["repetitions"] == 5
