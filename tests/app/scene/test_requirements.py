"""What methods need: sums of squares, and networks small enough for whole matrices."""

import re
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from cliffscape.app.runs.training import initial_run
from cliffscape.app.scene.requirements import (
    MOST_PARAMETERS,
    check_descent,
    check_steps,
    check_training,
    format_duration,
)
from cliffscape.app.scene.schema import SURFACES, Scene
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.networks.tasks.task import Batch
from cliffscape.landscapes.optimizers.family import OPTIMIZERS


@pytest.mark.parametrize("method", [entry.kind for entry in OPTIMIZERS])
@pytest.mark.parametrize("landscape", list(SURFACES), ids=lambda entry: entry.kind)
def test_every_scene_has_what_its_method_needs(landscape, method) -> None:  # type: ignore[no-untyped-def]
    """Gauss-Newton methods need a sum of squares or a network; all others descend on any loss."""
    scene = Scene.model_construct(
        landscape=Scene.model_validate({"landscape": {"kind": landscape.kind}}).landscape,
        optimizer=Scene.model_validate({"optimizer": {"kind": method}}).optimizer,
    )
    needs = OPTIMIZERS[method].function().asks == "gauss_newton"
    if needs and landscape.squares is None and landscape.kind != "recurrent_network":
        with pytest.raises(BoundError, match=f"loss of '{re.escape(landscape.label)}' is not") as caught:
            check_descent(scene)
        assert (caught.value.field, caught.value.value) == ("optimizer", OPTIMIZERS[method].label)
    else:
        check_descent(scene)


@pytest.mark.parametrize(
    "form",
    [
        {"landscape": {"kind": "recurrent_network"}},
        {"landscape": {"kind": "heavy_tails"}},
        {"clip": {"kind": "autoclip"}},
    ],
)
def test_the_server_computes_a_thousand_steps_and_the_browser_a_hundred_thousand(form: dict[str, Any]) -> None:
    assert Scene.model_validate({"steps": 100_000}).steps == 100_000
    assert Scene.model_validate({**form, "steps": 1000}).no_kernel
    with pytest.raises(BoundError) as caught:
        check_steps(Scene.model_validate(form).model_copy(update={"steps": 1001}))
    bound = "at most 1000 where the server computes the descent and not the browser"
    assert str(caught.value) == f"steps must be {bound}, got 1001"
    with pytest.raises(ValidationError, match=bound):
        Scene.model_validate({**form, "steps": 1001})


def net(cell: str, units: int, optimizer: str) -> Scene:
    """A Scene with a network to train."""
    form = {"landscape": {"kind": "recurrent_network"}, "cell": {"kind": cell, "hidden_units": units}}
    return Scene.model_validate({**form, "optimizer": {"kind": optimizer}})


@pytest.mark.parametrize("kind", [entry.kind for entry in OPTIMIZERS])
def test_larger_nets_are_trained_without_whole_matrices(kind: str) -> None:
    """For the default task four tanh units are 64 parameters, and five are 84."""
    assert (net("tanh_rnn", 4, kind).net.layout.size, net("tanh_rnn", 5, kind).net.layout.size) == (64, 84)
    assert MOST_PARAMETERS == 64
    check_training(net("tanh_rnn", 4, kind))
    if OPTIMIZERS[kind].function().whole:
        said = "of more than 64 parameters: this method needs the whole 84 by 84 curvature matrix"
        with pytest.raises(BoundError, match=said) as caught:
            check_training(net("tanh_rnn", 5, kind))
        assert (caught.value.field, caught.value.value) == ("optimizer", OPTIMIZERS[kind].label)
    else:
        check_training(net("tanh_rnn", 5, kind))


def large(**form: Any) -> dict[str, Any]:
    """An LSTM of the size that people train: 128 units, 64 sequences of 50 steps."""
    sizes = {"batch_size": form.pop("batch_size", 64)}, {"hidden_units": form.pop("hidden_units", 128)}
    landscape, cell = {"kind": "recurrent_network", **sizes[0]}, {"kind": "lstm", **sizes[1]}
    return {"landscape": landscape, "cell": cell, "task": {"kind": "characters", "sequence_length": 50}, **form}


@pytest.mark.parametrize("size", [50, 64, 128])
@pytest.mark.parametrize("units", [128, 256, 512])
def test_networks_of_the_size_people_use_are_allowed(size: int, units: int) -> None:
    if (size, units) == (128, 512):
        with pytest.raises(
            ValidationError, match=r"landscape.batch_size must be at most 6\d for 50 steps of 512 units"
        ):
            Scene.model_validate(large(batch_size=size, hidden_units=units))
    else:
        check_training(Scene.model_validate(large(batch_size=size, hidden_units=units, updates=1000)))


REFUSED = [
    ({"hidden_units": 256, "slice": {"kind": "curvature"}, "updates": 20}, ""),
    (
        {"hidden_units": 512, "slice": {"kind": "curvature"}},
        "slice must be one that does not need the Hessian for 50 steps of 512 units of this cell: a product with it "
        "takes more than 5 seconds, got Gradient and curvature",
    ),
    ({"optimizer": {"kind": "hessian_free"}}, ""),
    (
        {"batch_size": 256, "optimizer": {"kind": "hessian_free"}},
        "landscape.batch_size must be at most 1\\d\\d with Hessian-free, so that a product with the Gauss-Newton "
        "matrix takes at most 5 seconds and 2 GiB, got 256",
    ),
    (
        {"seeds": 16, "updates": 20, "optimizer": {"kind": "hessian_free"}},
        "landscape.batch_size must be at most 1\\d with Hessian-free",
    ),
    (
        {"hidden_units": 512, "batch_size": 32, "seeds": 16},
        "seeds must be at most 5 for 1,\\d\\d\\d,\\d\\d\\d parameters: the server keeps runs of up to 240 MiB, got 16",
    ),
    (
        {"seeds": 16, "updates": 20_000},
        r"updates must be at most 1\d,\d\d\d for this network, its minibatch and 16 seeds: 20,000 take about 1\d hours",
    ),
    # Two gradients per update.
    (
        {"seeds": 16, "updates": 10_000, "optimizer": {"kind": "sam"}},
        r"updates must be at most [5-9],\d\d\d for this network, its minibatch and 16 seeds: 10,000 take about 1\d h",
    ),
]


@pytest.mark.parametrize(("form", "sentence"), REFUSED)
def test_what_would_take_too_long_is_refused_beforehand(form: dict[str, Any], sentence: str) -> None:
    def check() -> None:
        check_training(Scene.model_validate(large(**form)))

    if not sentence:
        check()
        return
    with pytest.raises(ValueError, match=sentence):
        check()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20, "about 20 seconds"), (89, "about 89 seconds"), (720, "about 12 minutes"), (36_000, "about 10 hours")],
)
def test_durations_are_words(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


def test_whole_matrices_are_formed_on_minibatches_that_fit() -> None:
    """With twenty steps, at most five hundred sequences are allowed."""
    scene = net("tanh_rnn", 4, "newton")
    chosen = {**scene.model_dump()["landscape"], "batch_size": 501}
    with pytest.raises(BoundError, match="at most 500 for 20 steps") as caught:
        check_training(scene.model_copy(update={"landscape": type(scene.landscape).model_construct(**chosen)}))
    assert (caught.value.field, caught.value.value) == ("landscape.batch_size", 501)


@pytest.mark.parametrize("kind", [entry.kind for entry in OPTIMIZERS if entry.function().whole])
def test_a_small_net_is_trained_by_a_whole_matrix(kind: str) -> None:
    """The first update of both runs is that of a dense solve of the clipped gradient."""
    form = {"landscape": {"kind": "recurrent_network"}, "cell": {"kind": "tanh_rnn", "hidden_units": 4}}
    # Squared errors: with classes, adding a constant to all scores changes nothing, so there is a flat direction.
    form |= {"task": {"kind": "adding"}, "initialisation": {"kind": "normal", "std": 0.5}}
    scene = Scene.model_validate({**form, "optimizer": {"kind": kind}})
    run = initial_run(scene)
    seeds, start = run.seeds, run.carry.theta.clone()
    run.advance(1, 0.0)
    theta = start[0, 0]
    batch = run.net.minibatch(seeds[:1], 0, run.batch_size)
    one = Batch(batch.inputs[0], batch.targets[0])
    if OPTIMIZERS[kind].function().asks == "hessian":
        matrix = torch.autograd.functional.hessian(run.net.loss(one), theta)
    else:
        answers = run.net.outputs(theta, one.inputs)
        slope = torch.autograd.functional.jacobian(lambda at: run.net.outputs(at, one.inputs).flatten(), theta)
        error = torch.autograd.functional.hessian(
            lambda flat: run.net.task.loss(flat.reshape(answers.shape), one.targets), answers.flatten()
        )
        matrix = slope.mT @ error @ slope
    if kind == "newton_saddle_free":
        values, vectors = torch.linalg.eigh(matrix)
        matrix = vectors @ torch.diag(values.abs()) @ vectors.mT
    matrix = matrix + scene.parameters("optimizer").get("damping", 0.0) * torch.eye(len(theta), dtype=theta.dtype)
    condition, gradient = float(torch.linalg.cond(matrix)), run.net.value_and_gradient(one)(theta)[1]
    for row, clip in enumerate((None, scene.build("clip"))):
        clipped = gradient if clip is None else clip.update(gradient, clip.init(theta), theta)[0]
        moved = run.carry.theta[row, 0] - theta
        if kind == "gauss_newton":
            # Twenty squares leave flat directions, so the step is not unique, but it solves the system.
            assert condition > 1e14 and (matrix @ moved + clipped).norm() <= 1e-7 * clipped.norm()
        else:
            expected = -torch.linalg.solve(matrix, clipped)
            assert condition < 1e4 and (moved - expected).norm() <= 1e-12 * condition * expected.norm()
