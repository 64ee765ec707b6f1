"""Names of columns: which quantity they hold, and where a norm was taken."""

import re

import pytest

from cliffscape.app.logs.columns import COLUMNS, NAMES, ColumnNames, Quantity
from cliffscape.app.logs.log_format import formats
from cliffscape.landscapes.advice.norm_log import Place

# What Python's regular expressions have and JavaScript's have not, or have with another meaning.
PYTHON_ONLY = re.compile(r"\(\?P|\(\?<|\(\?[aiLmsux#(]|\\A|\\Z|\*\+|\+\+|\?\+|\(\?>")


@pytest.mark.parametrize(
    ("name", "quantity", "place"),
    [
        ("grad_norm", "norm", None),
        ("train/grad_norm", "norm", "before"),
        ("actor/grad_norm", "norm", None),
        ("optim/total_grad_norm", "norm", None),
        ("gradient_norm", "norm", None),
        ("Gradient Norm", "norm", None),
        ("global_grad_norm", "norm", None),
        ("policy_grad_norm", "norm", None),
        ("l2_norm/grad/global", "norm", "before"),
        ("grad_norm_before_clip", "norm", "before"),
        ("unclipped_grad_norm", "norm", "before"),
        ("grad_norm_clipped", "norm", "after"),
        ("clipped_grad_norm", "norm", "after"),
        ("learning/grad_norm", "norm", "after"),
        ("learning/raw_grad_norm", "norm", "before"),
        ("train_loss_step", "loss", None),
        ("loss/train", None, None),
        ("eval/loss", None, None),
        ("val_loss", None, None),
        ("learning/current_learning_rate", "learning_rate", None),
        ("lr-AdamW", "learning_rate", None),
        ("train/global_step", "step", None),
        ("_step", "step", None),
        ("param_norm", None, None),
        ("grad_norm/layer.weight", None, None),
        ("train/grad_norm__MAX", None, None),
        ("x" * 1000, None, None),
    ],
)
def test_names(name: str, quantity: Quantity | None, place: Place | None) -> None:
    match = ColumnNames(COLUMNS).match(name)
    assert (match and match.quantity, match and match.column.place) == (quantity, place)


def test_a_name_is_classified_once_and_too_many_names_are_ignored() -> None:
    names = ColumnNames(COLUMNS)
    assert names.match("loss") is names.match("loss")
    for k in range(NAMES):
        names.match(f"metric {k}")
    assert names.match("grad_norm") is None and len(names.known) == NAMES


def test_expressions_mean_the_same_in_javascript() -> None:
    patterns = [column.pattern for one in formats() for listed in one.columns.values() for column in listed]
    patterns += [one for log_format in formats() for one in (log_format.mark, log_format.parts)]
    patterns += [one for log_format in formats() for one in log_format.patterns.values()]
    assert len(patterns) > 100
    assert [one for one in patterns if PYTHON_ONLY.search(one)] == []
