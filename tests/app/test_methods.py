"""What methods need: sums of squares, and nets that are trained without whole matrices."""

import pytest

from app.methods import PlaceError, check_descent, check_training
from app.schema import SURFACES, Scene
from landscapes.optimizers import OPTIMIZERS


@pytest.mark.parametrize("method", [entry.kind for entry in OPTIMIZERS])
@pytest.mark.parametrize("landscape", list(SURFACES), ids=lambda entry: entry.kind)
def test_every_scene_has_what_its_method_needs(landscape, method) -> None:  # type: ignore[no-untyped-def]
    """Gauss-Newton methods find residuals in sums of squares and nets alone; all others descend anywhere."""
    scene = Scene.model_construct(
        landscape=Scene.model_validate({"landscape": {"kind": landscape.kind}}).landscape,
        optimizer=Scene.model_validate({"optimizer": {"kind": method}}).optimizer,
    )
    needs = OPTIMIZERS[method].function().asks == "gauss_newton"
    if needs and landscape.squares is None and landscape.kind != "recurrent_network":
        with pytest.raises(PlaceError, match=f"loss of {landscape.kind} is not") as caught:
            check_descent(scene)
        assert (caught.value.field, caught.value.value) == ("optimizer", method)
    else:
        check_descent(scene)


def test_nets_are_trained_without_whole_matrices() -> None:
    net = {"landscape": {"kind": "recurrent_network"}, "cell": {"kind": "tanh_rnn", "hidden_units": 3}}
    for entry in OPTIMIZERS:
        scene = Scene.model_validate({**net, "optimizer": {"kind": entry.kind}})
        if entry.kind in ("newton", "newton_damped", "newton_saddle_free", "gauss_newton", "levenberg_marquardt"):
            size = scene.net.layout.size
            with pytest.raises(PlaceError, match=f"this one needs its {size} by {size} matrix"):
                check_training(scene)
        else:
            check_training(scene)
