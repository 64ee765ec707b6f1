"""The planes of a model, and the refusals."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import cliffscape
from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.slice_model import slice_model
from tests.landscapes.models.small_models import (
    classifier,
    cross_entropy,
    perceptron,
    perceptron_view,
    pictures,
    points,
    vectors,
)


def test_random_directions_have_the_lengths_of_the_filters_and_leave_biases() -> None:
    view = slice_model(classifier().eval(), cross_entropy, pictures())
    own, moved = (view.subject.layout.unpack(one) for one in (view.slice.origin, view.slice.directions))
    for name, weight in own.items():
        if weight.dim() > 1:
            lengths = moved[name].flatten(2).norm(dim=-1)
            torch.testing.assert_close(lengths, weight.flatten(1).norm(dim=-1).expand(2, -1))
        else:
            assert not moved[name].any()


def test_biases_move_as_one_row_if_they_are_not_ignored() -> None:
    view = perceptron_view(ignore_biases=False)
    own, moved = (view.subject.layout.unpack(one) for one in (view.slice.origin, view.slice.directions))
    torch.testing.assert_close(moved["0.bias"].norm(dim=-1), own["0.bias"].norm().expand(2))


def test_two_parameters_are_the_axes() -> None:
    view, model = perceptron_view(("0.weight[1,2]", "2.bias[0]")), perceptron()
    weight, bias = float(model[0].weight[1, 2].detach()), float(model[2].bias[0].detach())  # type: ignore[index,arg-type]
    assert view.slice.axes == ("0.weight[1,2]", "2.bias[0]")
    own = view.value(torch.tensor([weight, bias], dtype=torch.float64))
    assert torch.equal(own, view.subject.found.origin)
    assert view.window.holds((weight, bias))


def test_a_shared_parameter_is_found_under_each_of_its_names() -> None:
    model = perceptron()
    model.append(nn.Tanh()).append(nn.Linear(3, 3)).append(nn.Tanh()).append(nn.Linear(3, 3))  # type: ignore[operator]
    model[6].weight = model[4].weight  # type: ignore[index]
    view = slice_model(model, cross_entropy, vectors(), ("6.weight[0,1]", "6.bias[0]"))
    assert view.slice.axes == ("4.weight[0,1]", "6.bias[0]")
    with pytest.raises(BoundError, match=r"directions\[1\] must be different from directions\[0\], got 4.weight"):
        slice_model(model, cross_entropy, vectors(), ("4.weight[0,1]", "6.weight[0,1]"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loss": None}, "loss must be a function of the model and a batch, got NoneType"),
        ({"model": 3}, "model must be a torch.nn.Module, got int"),
        ({"model": nn.ReLU()}, "model must be a module with floating-point parameters, got ReLU"),
        ({"model": nn.LazyLinear(2)}, "the parameter weight of the model must be initialised: call the model once"),
        ({"batches": []}, "batches must be an iterable of 1 to 10,000 batches, got 0 batches"),
        ({"batches": None}, "batches must be an iterable of 1 to 10,000 batches, got NoneType"),
        ({"seed": "1"}, "seed must be a whole number, got '1'"),
        ({"directions": None}, "directions must be 'random', 'pca', 'hessian' or two names of parameters, got None"),
        ({"window": "whole"}, "window must be left, right, bottom and top, in this order, .*, got 'whole'"),
        ({"window": 3}, "window must be left, right, bottom and top, in this order, .*, got 3"),
        ({"directions": "up"}, "directions must be 'random', 'pca', 'hessian' or two names of parameters, got 'up'"),
        ({"directions": "pca"}, "run must be a run that cliffscape.record has recorded, for directions 'pca', got "),
        ({"directions": ("0.weight[9,0]", "0.bias[0]")}, r"directions\[0\] must be 0.weight with a row from 0 to 4"),
        ({"directions": ("0.bias[0]", "0.bias[0]")}, r"directions\[1\] must be different from directions\[0\], got"),
        ({"directions": ("0.bias[0]", "x[0]")}, r"directions\[1\] must be an entry of one of the model's parameters"),
        ({"window": (0, 0, 1, 2)}, "window must be left, right, bottom and top, in this order, each from -1e\\+06 to"),
        ({"start": (5, 0)}, "start must be two coordinates inside the window"),
        ({"start": (0,)}, "start must be two coordinates inside the window"),
        ({"loss": lambda model, batch: model(batch[0])}, r"loss\(model, batch\) must be a tensor with one floating-"),
        ({"loss": lambda model, batch: 0.5}, r"loss\(model, batch\) must be a tensor with one number, got float"),
    ],
)
def test_a_refusal_names_the_thing_the_bound_and_the_value(change: dict[str, Any], words: str) -> None:
    arguments = {"model": perceptron(), "loss": cross_entropy, "batches": vectors(), **change}
    with pytest.raises(BoundError, match=words):
        slice_model(**arguments)


def test_the_examples_of_the_page_about_models_work(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    # Showing is tested in tests/app/notebook.
    monkeypatch.setattr(cliffscape, "show", shown.append, raising=False)
    text = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    model = perceptron()
    given = {"model": model, "loss": cross_entropy, "batches": 3 * vectors(), "cliffscape": cliffscape, "torch": torch}
    names: dict[str, Any] = {**given, "optimizer": torch.optim.SGD(model.parameters(), 0.1)}
    assert len(examples) == 4
    for example in examples:
        exec(example.replace("every=10", "every=1"), names)
    assert names["view"].run is names["found"].without.recorded
    assert [one.view for one in shown] == [names["view"]]


class Line(nn.Module):
    """One parameter, or two, that are numbers."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.numbers = nn.ParameterDict({f"number-{k}": nn.Parameter(torch.tensor(1.5)) for k in range(count)})

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """The sum of the numbers times the batch."""
        return sum(self.numbers.values(), torch.zeros(())) * batch


def square(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    """A loss of one number."""
    found: torch.Tensor = model(batch).square().mean()
    return found


def test_a_model_of_numbers_alone() -> None:
    batches = [torch.ones(2)]
    with pytest.raises(BoundError, match="model must be at least 2 parameters, which a plane needs, got 1 parameter"):
        slice_model(Line(1), square, batches, "hessian")
    with pytest.raises(BoundError, match="ignore_biases must be False for a model that has only biases"):
        slice_model(Line(2), square, batches)
    assert slice_model(Line(2), square, batches, ignore_biases=False).subject.layout.size == 2
    # Names of parameters may have any character but brackets.
    axes = ("numbers.number-0[0]", "numbers.number-1[0]")
    assert slice_model(Line(2), square, batches, axes).slice.axes == axes


def test_sparse_gradients_and_points_beyond_a_type_are_computed() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.EmbeddingBag(10, 4, sparse=True), nn.Linear(4, 3))
    batches = [(torch.arange(6).reshape(2, 3), torch.tensor([0, 2]))]
    view = slice_model(model, cross_entropy, batches)
    assert view.value_and_gradient(points(1))[1].isfinite().all() and model[0].sparse
    far = torch.tensor([[1e39, 0.0]], dtype=torch.float64)
    assert view.value(far).isnan().all()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_script_is_refused() -> None:
    traced = torch.jit.trace(perceptron(), torch.ones(1, 4))  # type: ignore[no-untyped-call]
    with pytest.raises(BoundError, match=r"model must be a module that Python runs, not one of torch\.jit, got "):
        slice_model(traced, cross_entropy, vectors())
