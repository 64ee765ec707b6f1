"""Random Scenes: legal ones never fail, and illegal ones name the field, the value and the bound."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from cliffscape.app.frames.plan import EVERY, opening, plan
from cliffscape.app.runs.table import run_scene
from cliffscape.app.runs.verdicts import summary, verdict
from cliffscape.app.scene.links import from_query, to_query
from cliffscape.app.scene.schema import Scene
from cliffscape.app.scene.validation import Violation, violations
from tests.app.scene.scene_strategies import Form, illegal_scenes, legal_scenes, network_scenes

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def few(examples: int) -> Any:
    """The same examples in every run, without a limit of their time, since other programs may take the cores."""
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=SLOW)


def refusals(form: Form) -> list[Violation]:
    """What is wrong with a Scene."""
    try:
        Scene.model_validate(form)
    except ValidationError as error:
        return violations(error, Scene)
    return []


def check_sentence(one: Violation) -> None:
    """A violation has a field, a value and a bound, and its sentence is for people."""
    assert one.field and one.value and one.bound
    assert one.field[:40] in one.message
    assert " must be " in one.message or " is unknown; " in one.message or " is not a parameter of " in one.message
    if " must be " in one.message:
        assert one.bound in one.message
        assert one.message.endswith(f", got {one.value}")
    assert "Input should" not in one.message and "Value error" not in one.message


@few(150)
@given(legal_scenes())
def test_a_legal_scene_is_accepted_linked_and_planned(form: Form) -> None:
    scene = Scene.model_validate(form)
    assert from_query(dict(to_query(scene))) == scene
    assert Scene.model_validate_json(scene.model_dump_json()) == scene
    assert opening(scene)
    assert plan(scene, EVERY)


@few(25)
@given(legal_scenes(most_steps=5))
def test_the_runs_of_a_legal_scene_are_computed_and_described(form: Form) -> None:
    scene = Scene.model_validate(form)
    for run, record in run_scene(scene).items():
        assert len(record.loss) == scene.steps + 1
        assert verdict(summary(scene, record, run), run)


@few(150)
@given(illegal_scenes())
def test_an_illegal_scene_names_the_field_the_value_and_the_bound(broken: tuple[Form, str]) -> None:
    form, field = broken
    found = refusals(form)
    assert field in {one.field.removesuffix(".kind") for one in found}
    for one in found:
        check_sentence(one)


@few(30)
@given(illegal_scenes())
def test_the_server_answers_an_illegal_scene_with_the_same_fields(client: TestClient, broken: tuple[Form, str]) -> None:
    form, _ = broken
    # Not by httpx, which refuses to send NaN.
    text = json.dumps({"scene": form, "kinds": []})
    answer = client.post("/frames", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {one.field for one in refusals(form)}


@few(60)
@given(network_scenes())
def test_a_network_is_accepted_or_what_it_costs_is_named(form: Form) -> None:
    found = refusals(form)
    for one in found:
        check_sentence(one)
    if not found:
        scene = Scene.model_validate(form)
        assert from_query(dict(to_query(scene))) == scene
        assert plan(scene, EVERY)


def test_the_examples_are_the_same_in_every_run() -> None:
    def examples() -> list[Form]:
        kept: list[Form] = []

        @few(5)
        @given(legal_scenes())
        def keep(form: Form) -> None:
            kept.append(form)

        keep()
        return kept

    assert examples() == examples()


def test_a_sentence_without_its_value_is_found() -> None:
    with pytest.raises(AssertionError):
        check_sentence(Violation("steps", "0", "at least 1", "steps must be at least 1"))
