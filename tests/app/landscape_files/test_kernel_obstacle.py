"""A landscape with an operation without a scalar form has no kernel, and says which operation is the reason."""

from pathlib import Path

import pytest

from cliffscape.app.landscape_files.landscape_file import LandscapeFile
from cliffscape.app.landscape_files.loader import load_file
from cliffscape.landscapes.backends.kernels import descent_kernel
from tests.app.landscape_files.bad_files import GOOD, with_body


def reason(text: str) -> str:
    """Why the landscape of a file has no kernel."""
    [entry] = load_file(LandscapeFile(Path("mine.py"), text.encode()))
    return entry.no_kernel


def test_a_loss_that_can_be_traced_has_a_kernel() -> None:
    assert reason(GOOD) == ""
    assert "export" in descent_kernel("own_loss", {}, "gradient_descent", "by_norm").source


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "return torch.special.bessel_j0(theta.detach()).sum(-1) + (theta**2).sum(-1)",
            "special_bessel_j0",
        ),
        ("return theta.erfinv().sum(-1) * 0 + (theta**2).sum(-1)", "erfinv"),
    ],
)
def test_an_operation_without_a_scalar_form_is_named_with_its_line(line: str, expected: str) -> None:
    found = reason(with_body(line))
    assert found.startswith(f"aten.{expected} has no scalar form")
    assert found.endswith("(mine.py, line 15).")


def test_a_declared_reason_stays() -> None:
    assert reason(GOOD.replace("start=", "no_kernel='It has all digits of pi.', start=")) == "It has all digits of pi."
