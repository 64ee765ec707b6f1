"""Presets of the recurrent network: descents on a slice, and trainings."""

from typing import Any

from cliffscape.landscapes.declare import PresetFact, descent_preset

# Found by trying; benchmarks/README.md has the share of nearby starts that are thrown, for each preset.
ADDING: dict[str, Any] = {
    "cell.hidden_units": 16,
    "task": "adding",
    "task.sequence_length": 50,
    "initialisation": "normal",
    "slice": "scaled_recurrence",
}
TEMPORAL_ORDER: dict[str, Any] = {
    "landscape.seed": 1,
    "cell.hidden_units": 16,
    "initialisation": "spectral_radius",
    "initialisation.input_std": 0.1,
    "initialisation.output_std": 1.0,
    "slice": "scaled_recurrence",
    "start": (1.125, -1.0),
}
# The changes to the preset of Nesterov's momentum that its sentence names; None takes a choice away.
SLOW: dict[str, Any] = {"optimizer.momentum": 0.0, "optimizer.learning_rate": 0.1}
ORDINARY: dict[str, Any] = {
    "initialisation": "normal",
    "initialisation.radius": None,
    "initialisation.input_std": None,
    "initialisation.output_std": None,
}
DESCENTS = (
    descent_preset(
        "Adding, a step off the cliff",
        "A network of 16 units adds two numbers of a sequence of 50 steps. Without clipping, step 3 takes the run 21.5 "
        "units away, to a plateau with a loss of 1.03, where it is too slow to leave. With clipping it descends on the "
        "far side of the cliff, to a loss of 0.26. The cliff grows with T.",
        0.1,
        1.0,
        60,
        (
            PresetFact("step 3", "without.step_length[3]", least=21, most=22),
            PresetFact("21.5 units", "longest_step(run='without')"),
            PresetFact("too slow to leave", "without.step_length[59]", least=0.0, most=1e-4),
            PresetFact("loss of 1.03", "without.end_loss"),
            PresetFact("loss of 0.26", "with.end_loss"),
        ),
        **ADDING,
    ),
    descent_preset(
        "Adding, sequences twice as long",
        "The same network with sequences of 100 steps: the gradient norm on the cliff is 296,000, and not 215.",
        0.1,
        1.0,
        60,
        (
            PresetFact("twice as long", "100 / 50", least=2, most=2),
            PresetFact("is 296,000", "without.gradient_norm[6]", least=295_500, most=296_500),
            PresetFact("not 215", "without.gradient_norm[3]", changes={"task.sequence_length": 50}),
        ),
        **{**ADDING, "task.sequence_length": 100},
    ),
    descent_preset(
        "Temporal order, thrown at once",
        "The start is at the foot of a cliff, and step 1 throws the run. It also throws about nine in ten runs that "
        "start within 0.005, and about seven in ten of those within 0.05.",
        0.5,
        0.2,
        50,
        (
            PresetFact("thrown at once", "without.outcome", equals="thrown"),
            PresetFact("step 1 throws", "without.thrown_step"),
            PresetFact("about nine in ten", "share_thrown(radius=0.005, by=1)", least=0.85, most=0.95),
            PresetFact("within 0.005", "share_thrown(radius=0.005, by=1, seed=1)", least=0.85, most=0.95),
            PresetFact("about seven in ten", "share_thrown(radius=0.05, by=1)", least=0.62, most=0.75),
            PresetFact("within 0.05", "share_thrown(radius=0.05, by=1, seed=1)", least=0.62, most=0.75),
        ),
        **TEMPORAL_ORDER,
    ),
    descent_preset(
        "Random directions",
        "A plane in random directions through an orthogonal network. Even here, some steps leave the map.",
        0.1,
        1.0,
        60,
        (PresetFact("some steps leave the map", "longest_step(run='without')", least=1000),),
        **{
            **ADDING,
            "cell.hidden_units": 32,
            "initialisation": "orthogonal",
            "slice": "random_directions",
        },
    ),
    descent_preset(
        "An LSTM is thrown too",
        "The loss of an LSTM also has cliffs. Its gates and a forget bias of 1 do not prevent the throw.",
        0.5,
        0.2,
        60,
        (
            PresetFact("thrown", "without.outcome", equals="thrown"),
            PresetFact("the throw", "without.thrown", equals=True),
        ),
        **{
            **ADDING,
            "landscape.seed": 1,
            "cell": "lstm",
            "initialisation.std": 0.5,
            "window": (-2.0, 3.0, -1.0, 3.0),
            "start": (0.375, 2.0),
        },
    ),
)
# Presets for training, with several seeds each. benchmarks/learning/presets.py measures their results, which are in
# benchmarks/README.md with more settings and seeds.
TRAININGS = (
    descent_preset(
        "Norm and value clipping compared",
        "Four networks learn the order of two letters. With clipping by value at 0.1, at least three learn it in 1,500 "
        "updates. With clipping by norm at 1 (choose it under Clipping) at least three do too. Without clipping at "
        "most one does. Rounding decides which, so this differs between processors.",
        0.1,
        0.1,
        60,
        (
            PresetFact("at least three learn it in 1,500 updates", "seeds_solved()", least=3),
            PresetFact(
                "norm at 1 (choose it under Clipping) at least three do too",
                "seeds_solved()",
                least=3,
                changes={"clip": "by_norm", "clip.threshold": 1.0},
            ),
            PresetFact("Without clipping at most one does", "seeds_solved(run='without')", most=1),
        ),
        **{
            "landscape.seed": 2,
            "task": "temporal_order",
            "clip": "by_value",
            "updates": 1500,
            "seeds": 4,
        },
    ),
    descent_preset(
        "Nesterov, careful initialisation",
        "Eight networks add two numbers. In 1,000 updates their loss falls below 0.04 with clipping, and to between "
        "0.014 and 0.144 without. The loss of guessing is 0.167. With clipping, momentum 0 and a "
        "learning rate of 0.1 the loss falls to between 0.06 and 0.13, and with normal initial weights to between "
        "0.03 and 0.15.",
        0.03,
        1.0,
        60,
        (
            PresetFact("below 0.04 with clipping", "highest_trained_loss()", most=0.04),
            PresetFact("between 0.014", "lowest_trained_loss(run='without')"),
            PresetFact("and 0.144 without", "highest_trained_loss(run='without')"),
            PresetFact("guessing is 0.167", "1 / 6"),
            PresetFact("between 0.06", "lowest_trained_loss()", changes=SLOW),
            PresetFact("and 0.13", "highest_trained_loss()", changes=SLOW),
            PresetFact("0.03", "lowest_trained_loss()", changes=ORDINARY),
            PresetFact("and 0.15.", "highest_trained_loss()", changes=ORDINARY),
        ),
        **{
            "cell.hidden_units": 16,
            "task": "adding",
            "task.sequence_length": 12,
            "initialisation": "spectral_radius",
            "initialisation.radius": 1.1,
            "initialisation.input_std": 0.001,
            "initialisation.output_std": 0.1,
            "optimizer": "nesterov_schedule",
            "optimizer.momentum": 0.95,
            "optimizer.period": 100,
            "updates": 1000,
            "seeds": 8,
        },
    ),
    descent_preset(
        "LSTM, plain gradient descent",
        "Without momentum, all four LSTMs learn the order of two letters: within 1,200 updates without clipping, and "
        "within 500 with clipping. Of four tanh RNNs without clipping, none learns it in 1,500.",
        0.5,
        1.0,
        60,
        (
            PresetFact("within 1,200 updates", "seeds_solved(run='without', within=1200)", least=4),
            PresetFact("all four", "seeds_solved(run='without', within=1200)"),
            PresetFact("within 500", "seeds_solved(within=500)", least=4),
            PresetFact("none learns it", "seeds_solved(run='without')", most=0, changes={"cell": "tanh_rnn"}),
        ),
        **{
            "cell": "lstm",
            "cell.hidden_units": 16,
            "task": "temporal_order",
            "initialisation": "framework_default",
            "updates": 1500,
            "seeds": 4,
        },
    ),
)
PRESETS = (*DESCENTS, *TRAININGS)
