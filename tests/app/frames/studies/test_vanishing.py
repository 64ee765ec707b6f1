"""The frame of a chain's derivatives, and what its sentences say."""

from typing import Any

import numpy as np
import pytest

from cliffscape.app.compute.encoding import Frame, encode
from cliffscape.app.frames.plan import plan
from cliffscape.app.scene.schema import Scene
from cliffscape.landscapes.catalogue import LANDSCAPES
from cliffscape.landscapes.generators import run_to_end
from tests.app.frames.test_network import workspace
from tests.reference import reference

A = {"kind": "linear_recurrence", "initial_state": 0.5, "target": 1.0, "sequence_length": 50}


def frame(**form: Any) -> Frame:
    """The frame of a Scene."""
    (part,) = plan(Scene.model_validate(form), ("study",))
    work: Any = part.begin(workspace())
    made: Frame = run_to_end(work)
    assert made.key == part.key
    encode(made)
    return made


def said(**form: Any) -> str:
    """All its sentences."""
    sentences = frame(**form).fields["sentences"]
    assert all(sentence.endswith(".") for sentence in sentences)
    return " ".join(sentences)


@pytest.mark.parametrize("kind", LANDSCAPES.entries)
def test_only_landscapes_with_a_study_have_the_frame(kind: str) -> None:
    scene = Scene.model_validate({"landscape": {"kind": kind}})
    assert len(plan(scene, ("study",))) == bool(LANDSCAPES[kind].study)
    assert plan(Scene.model_validate({"landscape": {"kind": "recurrent_network"}}), ("study",)) == []


def test_the_arrays_hold_every_length() -> None:
    made, row = frame(landscape=A, start=(0.9, 0.0)), reference("vanishing_together")["A"]["table"]["0.9"]
    assert made.fields["axis"] == "w"
    assert {name: array.shape for name, array in made.arrays.items()} == dict.fromkeys(
        ["first", "second", "gauss_newton", "newton", "gauss_newton_step", "damped_step"], (100,)
    )
    np.testing.assert_allclose(made.arrays["first"], row["d1"], rtol=1e-12)
    np.testing.assert_allclose(made.arrays["newton"] * made.arrays["second"], row["d1"], rtol=1e-12)
    np.testing.assert_allclose(made.arrays["damped_step"], row["ratio_gn_damped"], rtol=1e-12)


def test_a_decaying_power_has_a_falling_ratio_and_a_step_to_the_flat_point() -> None:
    words = said(landscape=A, start=(0.5, 0.0))
    assert "first derivative with respect to w vanishes: −0.00976 at T = 10, −7.89e−29 at T = 100." in words
    assert "falls only like 1/T: 0.0102 at T = 50, 0.00505 at T = 100." in words
    assert "At T = 50 the second derivative is negative: Newton’s step goes uphill, here towards the flat" in words
    assert "explodes to −1.27e28 at T = 100; with a damping of 0.001 it is only −7.89e−26." in words


def test_a_growing_power_has_no_sentence_about_the_flat_point() -> None:
    words = said(landscape=A, start=(1.1, 0.0))
    assert "explodes" in words and "only like 1/T" in words
    assert "flat point" not in words and "negative" not in words


def test_the_tanh_chain_has_a_constant_ratio() -> None:
    words = said(landscape={"kind": "tanh_chain"})
    assert "with respect to u vanishes: −0.0502 at T = 10, −1.01e−10 at T = 100." in words
    assert "the length of Newton’s step, stays the same: −0.603 at T = 50, −0.603 at T = 100." in words
    assert "negative" not in words


def test_gauss_newton_of_the_vanishing_direction_is_the_second_derivative() -> None:
    words = said(landscape={"kind": "vanishing_direction"})
    assert "with respect to c vanishes" in words and "stays" in words
    assert "Gauss-Newton’s curvature is the second derivative." in words
    assert "At T" not in said(landscape={"kind": "vanishing_direction", "sequence_length": 0})


def test_the_ratio_changes_on_the_cliff() -> None:
    words = said(start=(5.0, -2.612296656))
    assert "with respect to b explodes" in words and "the length of Newton’s step, shrinks too" in words
    assert "does not vanish" in said()
    flat = said(start=(3.6, -3.0), landscape={"kind": "one_unit_rnn", "initial_state": 2.0})
    assert "Inf" not in flat and "NaN" not in flat
