"""Second-order methods on the page: the browser's verdicts are PyTorch's, with their cost, and refusals are shown."""

import pytest
from playwright.sync_api import expect

from tests.browser import expected
from tests.browser.conftest import Visit

NEWTON = "landscape=saddle&optimizer=newton&clip.threshold=10&steps=10"
CASES = [
    f"{NEWTON}&start=0.44,1",
    f"{NEWTON}&start=0.8,1",
    "landscape=product_of_weights&landscape.repetitions=1&landscape.target=0.75&optimizer=newton&start=1,0.25",
    "landscape=vanishing_direction&landscape.sequence_length=60&landscape.factor=0.5&optimizer=newton&steps=3",
    "optimizer=levenberg_marquardt&steps=8",
    "landscape=himmelblau&optimizer=hessian_free&optimizer.iterations=1&clip.threshold=20&steps=20",
    "landscape=recurrent_network&cell.hidden_units=8&task=adding&task.sequence_length=10&optimizer=newton&steps=5",
]


@pytest.mark.parametrize("query", CASES)
def test_verdicts_agree_with_pytorch(visit: Visit, query: str) -> None:
    visitor = visit(f"?{query}")
    for run, said in expected.verdicts(query).items():
        assert "curvature products" in said
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])
    assert visitor.page.locator("#stable").inner_text() == ""


def test_fewer_iterations_use_another_kernel_and_cost_less(visit: Visit) -> None:
    base = "landscape=himmelblau&clip.threshold=20&optimizer=hessian_free"
    visitor = visit(f"?{base}")
    expect(visitor.sentence("without")).to_contain_text("60 gradients and 120 curvature products")
    visitor.type("optimizer.iterations", "1")
    expect(visitor.sentence("without")).to_contain_text("60 gradients and 60 curvature products")
    assert visitor.verdicts() == expected.verdicts(f"{base}&optimizer.iterations=1")


def test_newton_starts_with_a_full_step(visit: Visit) -> None:
    """The learning rate of the previous method does not become the step scale."""
    visitor = visit("?landscape=saddle")
    visitor.field("optimizer").select_option("newton")
    expect(visitor.field("optimizer.step_scale")).to_have_value("1")
    expect(visitor.sentence("without")).to_contain_text("curvature products")
    assert visitor.verdicts() == expected.verdicts("landscape=saddle&optimizer=newton")


def test_a_method_without_its_matrix_is_refused(visit: Visit) -> None:
    visitor = visit("?landscape=wall_and_floor")
    visitor.field("optimizer").select_option("gauss_newton")
    expect(visitor.page.locator("#notice")).to_contain_text("because the loss of 'Wall and floor' is not one")
    # The browser writes every response with an error status to the console.
    visitor.errors = [error for error in visitor.errors if "422" not in error]
