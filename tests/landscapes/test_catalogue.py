"""What there is to choose from."""

from landscapes.catalogue import CLIPS, LANDSCAPES, OPTIMIZERS


def test_importing_the_catalogue_fills_the_families() -> None:
    assert {entry.kind for entry in LANDSCAPES} >= {
        "one_unit_rnn",
        "wall_and_floor",
        "product_of_weights",
        "linear_recurrence",
        "repeated_composition",
        "rosenbrock",
        "himmelblau",
        "beale",
        "saddle",
        "ravine",
    }
    assert {entry.kind for entry in OPTIMIZERS} >= {"gradient_descent", "momentum", "nesterov", "adam"}
    assert {entry.kind for entry in CLIPS} >= {"none", "by_norm", "by_value", "by_norm_pytorch", "random_step"}


def test_the_cliff_comes_first() -> None:
    assert next(iter(LANDSCAPES)).kind == "one_unit_rnn"
