"""Violations: every kind of invalid input, and the sentence that names field, bound and value."""

import json

import pytest
from pydantic import ValidationError

from cliffscape.app.frames.plan import EVERY
from cliffscape.app.scene.links import from_query
from cliffscape.app.scene.schema import FAMILIES, Scene
from cliffscape.app.scene.validation import format_value, shorten, violations
from cliffscape.app.web.stream import FrameRequest

NORM = '{"scene": {"clip": {"kind": "by_norm", %s}}}'
RNN = '{"scene": {"landscape": {"kind": "one_unit_rnn", %s}}}'
SCENE = '{"scene": {%s}}'
WINDOWS = "(3.5 to 5.7 by -3 to -1.3; 4.5 to 5.5 by -2.9 to -1.9)"
CLIPS = ", ".join(entry.kind for entry in FAMILIES["clip"])
PARTS = ", ".join(Scene.model_fields)
BODIES = [
    # Numbers out of bounds, and values that are no numbers.
    (NORM % '"threshold": -1', "clip.threshold must be at least 1e-06, got -1"),
    (NORM % '"threshold": 1e300', "clip.threshold must be at most 1000, got 1e+300"),
    (NORM % '"threshold": NaN', "clip.threshold must be a finite number, got NaN"),
    (NORM % '"threshold": -Infinity', "clip.threshold must be a finite number, got -Infinity"),
    (NORM % '"threshold": "high"', "clip.threshold must be a number, got 'high'"),
    (NORM % '"threshold": null', "clip.threshold must be a number, got nothing"),
    (NORM % '"threshold": [1]', "clip.threshold must be a number, got 1"),
    (NORM % '"threshold": {"a": 1}', "clip.threshold must be a number, got an object"),
    (RNN % '"sequence_length": 101', "landscape.sequence_length must be at most 100, got 101"),
    (RNN % '"sequence_length": 1.5', "landscape.sequence_length must be a whole number, got 1.5"),
    (RNN % '"sequence_length": NaN', "landscape.sequence_length must be a finite number, got NaN"),
    (SCENE % '"steps": 1e30', "steps must be a whole number, got 1e+30"),
    (SCENE % '"steps": 0', "steps must be at least 1, got 0"),
    (SCENE % '"steps": "many"', "steps must be a whole number, got 'many'"),
    # Unknown kinds, names and choices.
    (SCENE % '"clip": {"kind": "x"}', f"clip must be one of {CLIPS}, got 'x'"),
    (SCENE % '"clip": {"kind": ["by_norm"]}', f"clip must be one of {CLIPS}, got '['by_norm']'"),
    (SCENE % '"clip": {}', f"clip.kind must be one of {CLIPS}, got nothing"),
    (SCENE % '"clip": 5', "clip must be an object, got 5"),
    (NORM % '"foo": 1', "clip.foo is not a parameter of by_norm; it has threshold"),
    (SCENE % '"clip": {"kind": "none", "threshold": 1}', "clip.threshold is not a parameter of none; it has none"),
    (SCENE % '"foo": 1', f"foo is unknown; the known names are {PARTS}"),
    (SCENE % '"runs": "x"', "runs must be both, without or with, got 'x'"),
    # Requirements of optimizers.
    (
        SCENE % '"landscape": {"kind": "wall_and_floor"}, "optimizer": {"kind": "gauss_newton"}',
        "optimizer must be one that does not need a sum of squares, because the loss of 'Wall and floor' is not "
        "one, got 'Gauss-Newton'",
    ),
    (
        '{"scene": {"landscape": {"kind": "recurrent_network"}, "optimizer": {"kind": "newton"}}, '
        '"kinds": ["training"]}',
        "optimizer must be Hessian-free or a first-order method to train a net of more than 64 parameters: "
        "this method needs the whole 3054 by 3054 "
        "curvature matrix, got 'Newton'",
    ),
    (
        SCENE % '"landscape": {"kind": "recurrent_network"}, "slice": {"kind": "principal"}, '
        '"optimizer": {"kind": "levenberg_marquardt"}',
        "optimizer must be Hessian-free or a first-order method to train a net of more than 64 parameters: "
        "this method needs the whole 3054 by 3054 "
        "curvature matrix; the slice 'Principal directions of a run' is a plane through a training run, "
        "got 'Levenberg-Marquardt'",
    ),
    # Starts and windows.
    (SCENE % '"start": [100, 0]', f"start must be inside a window of the landscape {WINDOWS}, got 100, 0"),
    (SCENE % '"start": [1, 2, 3]', "start must be two numbers, got 1, 2, 3"),
    (SCENE % '"start": [1]', "start must be two numbers, got 1"),
    (SCENE % '"start": "here"', "start must be two numbers, got 'here'"),
    (SCENE % '"start": [NaN, 1]', "start must be a finite number, got NaN"),
    (SCENE % '"start": [1e7, 1]', "start must be at most 1000000, got 10000000"),
    (SCENE % '"window": "x"', "window must be one of descent, paper or four numbers, got 'x'"),
    (SCENE % '"window": 7', "window must be the name of a window or four numbers, got 7"),
    (SCENE % '"window": [1, 2, 3]', "window must be the name of a window or four numbers, got 1, 2, 3"),
    (SCENE % '"window": [1, 2, 3, "x"]', "window must be a number, got 'x'"),
    (
        SCENE % '"window": [2, 1, 0, 1]',
        "window must be left, right, bottom and top, in this order, each side at least 64 float64 numbers long, "
        "got 2, 1, 0, 1",
    ),
    # The request around the Scene.
    ("{}", "scene must be given, got nothing"),
    ("[]", "the body must be an object, got a list of 0"),
    ('{"scene": 5}', "scene must be an object, got 5"),
    ('{"scene": {}, "foo": 1}', "foo is unknown; the known names are scene, have, kinds, finer_than, client, line"),
    ('{"scene": {}, "have": 5}', "have must be a list, got 5"),
    ('{"scene": {}, "have": [5]}', "have must be text, got 5"),
    (json.dumps({"scene": {}, "have": ["x" * 65]}), f"have must be at most 64 characters long, got '{'x' * 65}'"),
    (json.dumps({"scene": {}, "have": ["x"] * 201}), "have must be at most 200 long, got a list of 201"),
    ('{"scene": {}, "kinds": ["x"]}', f"kinds must be {', '.join(EVERY[:-1])} or {EVERY[-1]}, got 'x'"),
]
NETS = [
    ({"cell.hidden_units": "513"}, "cell.hidden_units must be at most 512, got 513"),
    (
        {"cell": "lstm", "cell.hidden_units": "512", "task.sequence_length": "200", "landscape.batch_size": "100"},
        "landscape.batch_size must be at most 18 for 200 steps of 512 units of this cell, so that the coarsest picture "
        "takes about a minute, and not about 5 minutes, got 100",
    ),
    (
        {"slice": "coordinates", "slice.first": "weight[0]"},
        "slice.first must be an entry of one of the net's parameters: weight_ih, weight_hh, bias, weight_out, "
        "bias_out, got 'weight[0]'",
    ),
    (
        {"slice": "coordinates", "slice.second": "bias[50]"},
        "slice.second must be bias with an index from 0 to 49, got 'bias[50]'",
    ),
    (
        {"slice": "coordinates", "slice.first": "bias[0]"},
        "slice.second must be different from slice.first, got 'bias[0]'",
    ),
    (
        {"slice": "coordinates", "slice.first": "x" * 61},
        f"slice.first must be at most 60 characters long, got '{'x' * 61}'",
    ),
    (
        {"window": "0,0,0,1"},
        "window must be left, right, bottom and top, in this order, each side at least 64 float64 numbers long, "
        "got 0, 0, 0, 1",
    ),
]
LINKS = [
    ({"clip.threshold": "-1"}, "clip.threshold must be at least 1e-06, got -1"),
    ({"clip.threshold": "inf"}, "clip.threshold must be a finite number, got inf"),
    ({"clip.threshold": "abc"}, "clip.threshold must be a number, got 'abc'"),
    ({"clip.a.b": "1"}, "clip.a.b is not a parameter of by_norm; it has threshold"),
    ({"start": "1,2,3"}, "start must be two numbers, got 1, 2, 3"),
    ({"start": "1"}, "start must be two numbers, got 1"),
    ({"start": "a,b"}, "start must be a number, got 'a'"),
    ({"scene": "1"}, f"scene is unknown; the known names are {PARTS}"),
    ({"steps": ""}, "steps must be a whole number, got ''"),
    *[({"landscape": "recurrent_network", **query}, sentence) for query, sentence in NETS],
]


@pytest.mark.parametrize(("body", "sentence"), BODIES, ids=[body[:60] for body, _ in BODIES])
def test_the_violation_in_a_body(body: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FrameRequest.model_validate_json(body)
    (violation,) = violations(caught.value, FrameRequest)
    assert violation.message == sentence
    assert violation.field in sentence


@pytest.mark.parametrize(("query", "sentence"), LINKS)
def test_the_violation_in_a_link(query: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        from_query(query)
    assert violations(caught.value, Scene)[0].message == sentence


def test_every_field_has_one_violation() -> None:
    with pytest.raises(ValidationError) as caught:
        from_query({"start": "a,b", "steps": "0", "clip.threshold": "nan"})
    assert sorted(one.field for one in violations(caught.value, Scene)) == ["clip.threshold", "start", "steps"]


def test_values_are_short_and_printable() -> None:
    assert shorten("x" * 81) == "x" * 79 + "…"
    assert shorten("\x1b[31m\n\ud800") == "?[31m??"
    assert len(format_value("y" * 10_000)) <= 82
    assert len(format_value([10**70] * 4)) == 80


@pytest.mark.parametrize("value", [10**4000, "9" * 10_000, ["z" * 10_000], {"k": 1}, True, None, -0.0, [[[]]]])
def test_any_value_can_be_formatted(value: object) -> None:
    assert 0 < len(format_value(value)) <= 82
