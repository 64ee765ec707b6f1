"""Exceptions of the user's own code."""

import pytest

from cliffscape.landscapes.bound_error import BoundError
from cliffscape.landscapes.models.model_error import ModelError, own_code


def test_an_exception_of_the_model_is_the_cause_of_one_sentence() -> None:
    with (
        pytest.raises(
            ModelError, match=r"^The model or its loss raised ZeroDivisionError: division by zero$"
        ) as raised,
        own_code(),
    ):
        print(1 / 0)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("error", [BoundError("x", 1, "2"), MemoryError()])
def test_errors_of_bounds_and_memory_stay_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, own_code():
        raise error
    assert raised.value is error
