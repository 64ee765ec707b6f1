"""Definitions: a function and all that it uses, as text that needs neither Cliffscape nor NumPy."""

from typing import Any

import pytest
import torch

from cliffscape.app.exports.definitions import Definitions, ForeignModuleError, free_names, mentioned_fields
from cliffscape.app.exports.module_source import module_source
from cliffscape.landscapes.optimizers.adaptive import amsgrad
from cliffscape.landscapes.optimizers.pytorch import adam_pytorch
from cliffscape.landscapes.optimizers.sharpness_aware import sam
from cliffscape.landscapes.surfaces.cliffs import one_unit_rnn
from cliffscape.landscapes.surfaces.per_example import heavy_tails
from cliffscape.landscapes.transform import Transform


def defined(*functions: Any, members: frozenset[str] | None = None) -> tuple[str, dict[str, Any]]:
    """The text that defines functions, and the namespace in which it has run."""
    definitions, space = Definitions(members), {"__name__": "definitions"}
    texts = [text for function in functions for text in definitions.add(function)]
    text = "\n\n\n".join([*sorted(definitions.imports), *texts])
    exec(compile(text, "definitions", "exec"), space)
    return text, space


def test_a_definition_has_no_hints_and_a_short_docstring() -> None:
    text, _ = defined(one_unit_rnn)
    assert "def one_unit_rnn(theta, sequence_length=50, initial_state=0.5, target=0.7):\n" in text
    assert '"""The loss of a recurrent network with one unit and two parameters: flat regions and one cliff.\n' in text
    assert "    Formula: xₜ = w σ(xₜ₋₁) + b, E = (σ(x_T) − y)²\n" in text
    assert "Args:" not in text and "Reference:" not in text and "@landscape" not in text


def test_comments_stay() -> None:
    assert "# Both averages start at 0;" in defined(amsgrad, adam_pytorch)[0]


def test_a_name_under_which_a_function_is_imported_is_defined_after_it() -> None:
    text, _ = defined(sam)
    assert text.index("def momentum(") < text.index("heavy_ball = momentum") < text.index("def sam(")


def test_an_attribute_of_a_module_does_not_hide_an_argument_of_the_same_name() -> None:
    text, space = defined(adam_pytorch)
    assert "adaptive_amsgrad = amsgrad" in text
    point = torch.tensor([1.0, 2.0], dtype=torch.float64)
    method = eval("adam_pytorch(amsgrad=1)", space)
    assert len(method.init(point)) == 5


def test_fields_without_a_use_are_left_out() -> None:
    assert "stages" in defined(Transform)[0]
    assert "stages" not in defined(Transform, members=frozenset({"limit"}))[0]


def test_a_definition_can_be_replaced() -> None:
    place = (heavy_tails.__module__, "heavy_tailed_points")
    definitions = Definitions(replacements={place: "heavy_tailed_points = None"})
    *before, own = definitions.add(heavy_tails)
    assert before == ["heavy_tailed_points = None"]
    assert own.startswith("def heavy_tails(") and "import numpy as np" not in definitions.imports


def test_another_module_is_refused() -> None:
    with pytest.raises(ForeignModuleError) as caught:
        Definitions().add(heavy_tails)
    assert caught.value.module == "numpy"


def test_two_definitions_of_one_name_are_refused() -> None:
    definitions = Definitions(places={"amsgrad": ("elsewhere", "amsgrad")})
    with pytest.raises(NameError, match="amsgrad of cliffscape"):
        definitions.add(amsgrad)


def test_free_names_are_those_of_a_module() -> None:
    text = "LIMIT = math.pi\ndef clip(vector):\n    def inner():\n        return vector * scale\n    return inner()"
    assert free_names(text) == {"math", "scale"}


def test_mentioned_fields_are_attributes_and_keywords() -> None:
    assert mentioned_fields("clip.limit(step)\nTransform(init, update, asks=1)\nstages = 2") == {"limit", "asks"}


def test_a_module_has_its_definitions_and_imports() -> None:
    source = module_source("cliffscape.landscapes.optimizers.pytorch")
    assert "WARMING" in source.definitions and "adam_pytorch" in source.definitions
    assert source.imports["adaptive"].module == "cliffscape.landscapes.optimizers.adaptive"
    assert source.imports["Tensor"].statement == "from torch import Tensor"
