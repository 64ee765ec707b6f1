"""The error for a value outside its bound: the sentence it makes, and the parts it keeps."""

import pickle

import pytest

from cliffscape.landscapes.bound_error import BoundError, must_be


@pytest.mark.parametrize(
    ("value", "text"), [(-1, "-1"), ("none", "none"), ((2.0, 1.0), "2.0, 1.0"), (None, "None")], ids=str
)
def test_the_message_names_field_bound_and_value(value: object, text: str) -> None:
    error = BoundError("clip.threshold", value, "at least 0.001")
    assert str(error) == f"clip.threshold must be at least 0.001, got {text}"
    assert (error.field, error.value, error.bound) == ("clip.threshold", value, "at least 0.001")
    assert isinstance(error, ValueError)


def test_errors_of_other_types_use_the_same_sentence() -> None:
    assert must_be("start", "float32", "float64") == str(BoundError("start", "float32", "float64"))


def test_another_process_gets_the_same_error() -> None:
    error = pickle.loads(pickle.dumps(BoundError("steps", 0, "at least 1")))
    assert (type(error), str(error)) == (BoundError, "steps must be at least 1, got 0")
    assert (error.field, error.value, error.bound) == ("steps", 0, "at least 1")
