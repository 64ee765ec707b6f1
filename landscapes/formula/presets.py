"""Presets of typed formulas, with their windows and starts."""

from collections.abc import Mapping

from cliffscape.landscapes.declare import PresetFact, descent_preset
from cliffscape.landscapes.formula.facts import Facts
from cliffscape.landscapes.loss import Window

WRITTEN_OUT = "(1 - x)**2 + 100*(y - x**2)**2"
RECURRENCE = """\
T: (1, 100) = 50
h = 0.5
for _ in range(T):
    h = w*sigmoid(h) + b
(sigmoid(h) - 0.7)**2"""
CLIFF = """\
k: (1, 100) = 30
sqrt(x**2 + 0.01) + 2*sigmoid(-k*x) + 0.1*y**2"""
HOLE = "x - log(x) + 0.1*(y - 1)**2"
QUARTIC = "x**4/4"

PRESETS = (
    descent_preset(
        "Rosenbrock, written out",
        "Change the formula, and the picture follows. Without clipping, the run diverges.",
        0.002,
        10.0,
        200,
        (PresetFact("the run diverges", "without.outcome", equals="diverged"),),
        start=(1.8, -0.8),
        optimizer="momentum",
    ),
    descent_preset(
        "A recurrence of one unit",
        "The loop is repeated T times, and T is a slider. At the cliff, one unclipped step is 9.45 units long.",
        0.5,
        0.2,
        60,
        (PresetFact("9.45 units", "longest_step(run='without')"),),
        **{"landscape.text": RECURRENCE, "landscape.repetitions": 50},
    ),
    descent_preset(
        "A cliff of your own",
        "Its first line makes the steepness of the wall a slider. Without clipping, the run is thrown.",
        0.5,
        0.3,
        60,
        (PresetFact("the run is thrown", "without.outcome", equals="thrown"),),
        **{"landscape.text": CLIFF, "landscape.first_constant": 30.0},
    ),
    descent_preset(
        "A loss with a hole",
        "The logarithm of a negative number is not a number, so the picture has a hole. The first unclipped step ends "
        "in it. The clipped run stays outside.",
        5.0,
        0.2,
        60,
        (
            PresetFact("first unclipped step", "without.nonfinite_step", least=1, most=1),
            PresetFact("ends in it", "without.outcome", equals="diverged"),
            PresetFact("stays outside", "with.loss[-1]", most=2),
        ),
        **{"landscape.text": HOLE},
    ),
    descent_preset(
        "A curve",
        "A formula with one name is a loss of one parameter. Without clipping, the run diverges.",
        0.7,
        0.5,
        40,
        (PresetFact("the run diverges", "without.outcome", equals="diverged"),),
        **{"landscape.text": QUARTIC},
    ),
)
# Windows and starts that show what the presets are about. The minima are searched for, as those of other formulas.
KNOWN: Mapping[str, Facts] = {
    WRITTEN_OUT: Facts(Window(-2.0, 2.0, -1.0, 3.0), (-1.2, 1.0), (), 1e-2, "log"),
    RECURRENCE: Facts(Window(3.5, 5.7, -3.0, -1.3), (4.6, -1.7), (), 1e-2, "linear"),
    CLIFF: Facts(Window(-2.0, 2.0, -2.0, 2.0), (-1.0, 1.0), (), 0.21, "linear"),
    HOLE: Facts(Window(-1.0, 4.0, -1.0, 3.0), (2.0, 2.5), (), 1.001, "linear"),
    QUARTIC: Facts(Window(-2.0, 2.0), (1.8, 0.0), (), 1e-3, "linear"),
}
