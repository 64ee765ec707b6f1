"""The family of optimizers: what the decorator registers."""

import pytest

from cliffscape.landscapes.optimizers.family import OPTIMIZERS, LearningRate, Momentum, optimizer
from cliffscape.landscapes.transform import Transform, stateless


def test_an_optimizer_is_registered_with_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OPTIMIZERS, "entries", {})

    @optimizer("Scaled descent")
    def scaled_descent(learning_rate: LearningRate = 0.5, momentum: Momentum = 0.9) -> Transform:
        """Step against the gradient.

        Args:
            learning_rate: The factor on the gradient.
            momentum: Not used.
        """
        return stateless(lambda gradient: -learning_rate * gradient)

    [entry] = OPTIMIZERS
    assert (entry.kind, entry.label, entry.function) == ("scaled_descent", "Scaled descent", scaled_descent)
    rate, momentum = entry.parameters
    assert (rate.range.log, rate.range.symbol, rate.default) == (True, "ε", 0.5)
    assert (momentum.range.log, momentum.range.symbol, momentum.range.low) == (False, "α", 0)
    with pytest.raises(ValueError, match="optimizer scaled_descent is declared twice"):
        optimizer("Again")(scaled_descent)
