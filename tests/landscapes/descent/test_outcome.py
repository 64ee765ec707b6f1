"""Outcomes: each one, which takes precedence if several hold, and those of the presets."""

import math

import pytest
from torch import Tensor

from cliffscape.landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS
from cliffscape.landscapes.descent.descend import trajectory
from cliffscape.landscapes.descent.outcome import OUTCOMES, SENTENCES, outcome
from cliffscape.landscapes.loss import Landscape, Preset
from cliffscape.landscapes.optimizers.second_order import newton
from tests.reference import tensor

INF, NAN = math.inf, math.nan
# x, y, loss, solved, longest step, last step, diagonal; and the outcome.
CASES = [
    ((0.0, 0.0, 0.005, 0.01, 0.1, 0.1, 2.0), "converged"),
    ((0.0, 0.0, 0.005, 0.01, 9.0, 0.1, 2.0), "converged"),  # thrown, but it recovered
    ((0.0, 0.0, 0.005, 0.01, 0.1, 0.0, 2.0), "converged"),  # standing still, at the goal
    ((0.0, 0.0, 0.01, 0.01, 0.1, 0.1, 2.0), "not_converged"),  # solved means below
    ((0.0, 0.0, 0.5, 0.01, 0.1, 1e-3, 2.0), "not_converged"),
    ((0.0, 0.0, 0.5, 0.01, 2.0, 1e-3, 2.0), "not_converged"),  # a throw is longer than the diagonal
    ((0.0, 0.0, 0.5, 0.01, 0.1, 2e-5, 2.0), "not_converged"),
    ((0.0, 0.0, 0.5, 0.01, 0.1, 1.9e-5, 2.0), "stalled"),
    ((0.0, 0.0, 0.5, 0.01, 0.1, 0.0, 2.0), "stalled"),
    ((0.0, 0.0, 0.5, 0.01, 2.1, 0.1, 2.0), "thrown"),
    ((50.0, 70.0, 0.09, 0.01, 95.0, 0.0, 2.0), "thrown"),  # and stalled, but thrown says why
    ((0.0, 0.0, -3.0, -INF, 0.1, 0.1, 2.0), "not_converged"),  # no minimum is known
    ((0.0, 0.0, 0.5, 0.01, 0.1, NAN, 2.0), "not_converged"),
    ((INF, 0.0, 0.005, 0.01, 9.0, 0.0, 2.0), "diverged"),
    ((0.0, NAN, 0.005, 0.01, 9.0, 0.0, 2.0), "diverged"),
    ((0.0, -INF, 0.005, 0.01, 9.0, 0.0, 2.0), "diverged"),
    ((0.0, 0.0, NAN, 0.01, NAN, NAN, 2.0), "diverged"),
    ((0.0, 0.0, INF, 0.01, INF, 0.1, 2.0), "diverged"),
    ((0.0, 0.0, -INF, 0.01, 0.1, 0.1, 2.0), "diverged"),
]


def rows() -> Tensor:
    """The cases' numbers ``(N, 7)``."""
    return tensor([case for case, _ in CASES])


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_every_outcome_and_which_comes_first(case: tuple[float, ...], expected: str) -> None:
    values = tensor(case)
    assert OUTCOMES[int(outcome(values[:2], *values[2:]))] == expected


def test_a_batch_of_runs_has_a_batch_of_outcomes() -> None:
    table = rows()
    codes = outcome(table[:, :2], *table[:, 2:].unbind(-1))
    assert [OUTCOMES[int(code)] for code in codes] == [name for _, name in CASES]
    assert {name for _, name in CASES} == set(OUTCOMES)


def test_sentences_are_filled_in_from_known_words() -> None:
    """The page and the command line fill the same words in; none may be left over."""
    words = {"thrown_step", "thrown_norm", "thrown_length", "thrown_windows", "thrown_from", "thrown_to", "best_loss"}
    words |= {
        "nonfinite_step",
        "finite_loss",
        "gap_first",
        "gap_last",
        "gap_rows",
        "end_loss",
        "steps",
        "clipped_steps",
    }
    words |= {"raised_step", "unsolved_step", "matrix", "gradients", "products", "work"}
    for sentence in SENTENCES.values():
        assert "{" not in sentence.format(**dict.fromkeys(words, "1"))


PROMISED = {
    # Without clipping, with clipping.
    "Thrown off the cliff": ("thrown", "converged"),
    "Thrown from most starts": ("thrown", "converged"),
    "Book figure 10.17": ("thrown", "converged"),
    "Pascanu’s figure 6": ("thrown", "not_converged"),
    "Adam slows after a spike": ("not_converged", "converged"),
    "Gradient descent is thrown": ("converged", "converged"),
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
    "Thrown into the lowest valley": ("converged", "not_converged"),
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
    solved = tensor(-INF if entry.solved is None else entry.solved)
    own = {name: chosen[f"landscape.{name}"] for name in entry.defaults if f"landscape.{name}" in chosen}
    found = []
    for guard in guards:
        run = trajectory(entry.loss(**own), tensor(chosen.get("start", entry.start)), rule, guard, chosen["steps"])
        steps = run.step_length[:-1]
        code = outcome(run.position[-1], run.loss[-1], solved, steps.max(), steps[-1], tensor(entry.window.diagonal))
        found.append(OUTCOMES[int(code)])
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
