"""Training a whole net from the page: counted, left and taken up again, and projected on the slice."""

import functools
import re

import pytest
import torch
from playwright.sync_api import Locator, Route, expect

from cliffscape.app.runs.network import View, build_view
from cliffscape.app.runs.training import TrainingRun, initial_run
from cliffscape.app.runs.verdicts import format_number
from cliffscape.app.scene.schema import Scene
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.network.test_network import HASH, UNNAMED, at_rest, link_holds, sentences
from tests.browser.visitor import Visitor

NET = (
    "?landscape=recurrent_network&landscape.batch_size=4&cell.hidden_units=4&task.sequence_length=10"
    "&optimizer.learning_rate=1&steps=20&updates={}"
)
SHORT = NET.format(120)
LONG = NET.format(20000)
NAMES = {"without": "Without clipping", "with": "With clipping"}


@functools.cache
def trained(query: str) -> TrainingRun:
    """The run of a link, to its end."""
    chosen = expected.scene(query)
    run = initial_run(chosen)
    while run.done < chosen.updates:
        run.advance(chosen.updates, 0.1)
    return run


def share(value: float) -> str:
    """A share as the page writes it."""
    return f"{float(f'{100 * value:.2g}'):g} %"


def mean_loss(query: str, run: str) -> float:
    """Of the last twenty updates of a run, or of fewer where there are no more."""
    last = trained(query).rows[-20:]
    return sum(float(row[0][list(NAMES).index(run), 0]) for row in last) / len(last)


def outcome(query: str, run: str) -> str:
    """What the page must say about a run of a link's run."""
    made, k = trained(query), list(NAMES).index(run)
    wrong = share(float(made.errors[-1][k, 0]))
    said = f"loss {format_number(mean_loss(query, run))}; {wrong} of 200 fresh sequences wrong"
    clipped = sum(float(row[2][k, 0]) < 1 - 1e-6 for row in made.rows) / made.done
    return said if run == "without" else f"{said}; {share(clipped)} of the updates clipped"


def button(visitor: Visitor) -> Locator:
    """Train, Pause and Resume are one button."""
    return visitor.page.locator("#train")


def status(visitor: Visitor) -> Locator:
    """How far the run is."""
    return visitor.page.locator("#training-status")


def counted(visitor: Visitor) -> int:
    """How many updates the page counts."""
    found = re.match(r"([\d,]+) of [\d,]+ updates", status(visitor).inner_text())
    assert found
    return int(found[1].replace(",", ""))


def verdict(visitor: Visitor, run: str) -> Locator:
    """The sentence about a run of the run."""
    return visitor.page.locator(f"#training-verdicts .{run} .sentence")


def discard(visitor: Visitor) -> None:
    """Give the run up."""
    visitor.page.locator("#discard").click()
    expect(visitor.page.locator("#training-result")).to_be_hidden()
    at_rest(visitor)


@pytest.fixture
def trainer(visit: Visit) -> Visitor:
    """Someone who has trained a net to the end."""
    visitor = visit(SHORT)
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    return visitor


def test_a_run_is_counted_and_summed_up(trainer: Visitor) -> None:
    for run in NAMES:
        expect(verdict(trainer, run)).to_have_text(outcome(SHORT, run))
    expect(button(trainer)).to_have_text("Train")
    expect(trainer.page.locator("#discard")).to_be_hidden()
    for name in ("loss", "gradient_norm", "clip_factor", "error"):
        assert trainer.colours(f"#training-{name}") > 20
    # The descent on the slice is another thing, and stays.
    sentences(trainer)
    assert trainer.page.evaluate(UNNAMED) == []


WHOLE = "?landscape=recurrent_network&landscape.batch_size=4&task.sequence_length=10&steps=20&updates=5"


@pytest.mark.parametrize(
    ("method", "products"),
    [("optimizer=hessian_free&optimizer.iterations=7", 7), ("optimizer=levenberg_marquardt", 64)],
)
def test_a_small_net_is_trained_by_curvature_and_the_cost_is_said(visit: Visit, method: str, products: int) -> None:
    """Four units are 64 parameters, and a column of the matrix for each."""
    query = f"{WHOLE}&cell.hidden_units=4&{method}"
    visitor = visit(query)
    button(visitor).click()
    expect(status(visitor)).to_have_text("5 of 5 updates")
    cost = f"each update took 1 gradient and {products} curvature products, the work of {1 + 2 * products} gradients"
    for run in NAMES:
        said = verdict(visitor, run)
        expect(said).to_contain_text(cost)
        assert said.inner_text().startswith(f"loss {format_number(mean_loss(query, run))}; ")


def test_a_larger_net_is_refused_a_whole_matrix_in_a_sentence(visit: Visit) -> None:
    visitor = visit(f"{WHOLE}&cell.hidden_units=5&optimizer=newton")
    button(visitor).click()
    said = "of more than 64 parameters: this one needs its 84 by 84 matrix"
    expect(visitor.page.locator("#notice")).to_contain_text(said)
    # A refusal is an answer, which the browser's console calls a failure.
    visitor.troubles = [trouble for trouble in visitor.troubles if "422" not in trouble]


def test_updates_are_counted_while_it_runs_and_pause_and_resume_go_on(visit: Visit) -> None:
    visitor = visit(LONG)
    button(visitor).click()
    expect(status(visitor)).to_have_text(
        re.compile(r"^[1-9]\d* of 20,000 updates; [\d.]+ updates/s, \d+ (s|min) left$")
    )
    expect(button(visitor)).to_have_text("Pause")
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"of 20,000 updates; paused$"))
    at_rest(visitor)
    paused = counted(visitor)
    visitor.frames(10)
    assert counted(visitor) == paused
    visitor.page.evaluate("""() => {
      const said = document.getElementById('training-status');
      const own = (window.counts = []);
      new MutationObserver(() => own.push(parseInt(said.textContent.replaceAll(',', '')))).observe(said,
        { childList: true });
    }""")
    expect(button(visitor)).to_have_text("Resume")
    button(visitor).click()
    visitor.until("(paused) => counts.at(-1) > paused + 20", paused)
    counts = visitor.page.evaluate("counts")
    assert counts == sorted(counts)
    assert counts[0] >= paused
    discard(visitor)
    expect(button(visitor)).to_have_text("Train")
    expect(status(visitor)).to_be_empty()


def test_a_reload_finds_a_run_again(fresh_visit: Visit) -> None:
    visitor = fresh_visit(LONG)
    # What a control has chosen is the same as what a link has.
    visitor.field("cell").select_option("relu_rnn")
    link_holds(visitor, "cell=relu_rnn")
    button(visitor).click()
    expect(status(visitor)).to_have_text(re.compile(r"^\d{2,} of"))
    before = counted(visitor)
    visitor.page.reload()
    visitor.await_verdict()
    expect(button(visitor)).to_have_text("Pause")
    expect(status(visitor)).to_have_text(re.compile(r"^\d.*updates"))
    assert counted(visitor) >= before
    # What was paused is not taken up unasked.
    button(visitor).click()
    expect(button(visitor)).to_have_text("Resume")
    visitor.page.reload()
    visitor.await_verdict()
    expect(button(visitor)).to_have_text("Train")
    at_rest(visitor)


def test_several_seeds_are_trained_side_by_side(visit: Visit) -> None:
    visitor = visit(SHORT)
    visitor.type("seeds", "3")
    link_holds(visitor, "seeds=3")
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    made = trained(visitor.link())
    for k, run in enumerate(NAMES):
        solved = sum(float(error) < 0.01 for error in made.errors[-1][k])
        expect(verdict(visitor, run)).to_contain_text(f"{solved} of 3 seeds solved")
        middle = 100 * float(sorted(made.errors[-1][k])[1])
        expect(verdict(visitor, run)).to_contain_text(f"median: {float(f'{middle:.2g}'):g} % wrong, loss ")


def test_other_settings_mark_the_curves_as_those_of_before(trainer: Visitor) -> None:
    stale, curves = trainer.page.locator("#training-stale"), "training-loss"
    expect(stale).to_be_hidden()
    before = trainer.page.evaluate(HASH, curves)
    trainer.type("optimizer.learning_rate", "0.3")
    expect(stale).to_contain_text("previous settings")
    expect(status(trainer)).to_be_empty()
    assert trainer.page.evaluate(HASH, curves) == before
    trainer.type("optimizer.learning_rate", "1")
    expect(stale).to_be_hidden()
    # The slice, the start and the descent's steps are no part of the run.
    trainer.type("steps", "10")
    trainer.field("slice").select_option("random_directions")
    link_holds(trainer, "slice=random_directions")
    expect(stale).to_be_hidden()


def test_other_settings_pause_a_run_that_goes_on(visit: Visit) -> None:
    visitor = visit(LONG)
    button(visitor).click()
    expect(button(visitor)).to_have_text("Pause")
    expect(status(visitor)).to_have_text(re.compile("of 20,000 updates; .* updates/s"))
    visitor.type("clip.threshold", "0.3")
    expect(button(visitor)).to_have_text("Train")
    at_rest(visitor)
    visitor.type("clip.threshold", "0.2")
    expect(button(visitor)).to_have_text("Resume")
    discard(visitor)


def laid(chosen: Scene) -> View:
    """The Scene's net through its slice."""
    work = build_view(chosen)
    while True:
        try:
            next(work)
        except StopIteration as done:
            view: View = done.value
            return view


def projected(query: str) -> list[str]:
    """What the page must say about each run's projection."""
    run, view = trained(query), laid(expected.scene(query))
    theta, _ = run.positions(expected.scene(query).updates)
    _, distance = view.slice.project(theta)
    loss = view.subject.net.value(view.subject.batch)(theta[-1])
    offset = theta - theta.mean(0)
    basis = torch.linalg.qr(view.slice.directions.mT)[0]
    inside = ((offset @ basis) ** 2).sum((0, 2)) / (offset**2).sum((0, 2))
    return [
        f"{share(float(inside[k]))} of its variance lies in the plane; "
        f"it ends {format_number(float(distance[-1, k]))} away "
        f"from the plane, at a true loss of {format_number(float(loss[k]))}"
        for k in range(2)
    ]


def test_the_projection_takes_the_place_of_the_descent_on_the_map(trainer: Visitor) -> None:
    sentences(trainer)
    words = trainer.page.locator("#projection-words")
    descent = trainer.page.evaluate(HASH, "map-overlay")
    trainer.choose("path", "projection")
    link_holds(trainer, "path=projection")
    for said in projected(SHORT):
        expect(words).to_contain_text(said)
    expect(words).to_contain_text("its points do not lie on the surface")
    trainer.frames()
    projection = trainer.page.evaluate(HASH, "map-overlay")
    assert projection != descent
    trainer.choose("path", "descent")
    expect(words).to_be_empty()
    trainer.frames()
    assert trainer.page.evaluate(HASH, "map-overlay") == descent


def test_it_is_on_a_nets_page_alone(trainer: Visitor) -> None:
    trainer.page.locator("#field-landscape").select_option("himmelblau/0")
    expect(trainer.page.locator("#training")).to_be_hidden()
    link_holds(trainer, "landscape=himmelblau")
    trainer.page.go_back()
    expect(trainer.page.locator("#training")).to_be_visible()
    expect(status(trainer)).to_have_text("120 of 120 updates")


def test_a_run_that_is_whole_is_not_asked_for_again(trainer: Visitor) -> None:
    before = len(trainer.requests)
    button(trainer).click()
    trainer.frames(3)
    assert trainer.requests[before:] == []
    expect(status(trainer)).to_have_text("120 of 120 updates")
    expect(button(trainer)).to_have_text("Train")


def test_a_run_that_is_whole_stays_so_when_one_comes_back_from_another(trainer: Visitor) -> None:
    waiting: list[Route] = []
    trainer.page.route("**/frames", lambda route: waiting.append(route))  # noqa: PLW0108, it wraps functions alone
    trainer.type("optimizer.learning_rate", "0.3")
    link_holds(trainer, "optimizer.learning_rate=0.3")
    button(trainer).click()
    expect(button(trainer)).to_have_text("Pause")
    # Nothing of the other run has come yet, and it is left for the first one.
    trainer.page.go_back()
    expect(status(trainer)).to_have_text("120 of 120 updates")
    expect(button(trainer)).to_have_text("Train")
    expect(trainer.page.locator("#discard")).to_be_hidden()
    trainer.page.unroute("**/frames")
    for route in waiting:
        route.continue_()


def test_a_phone_shows_it_without_scrolling_sideways(fresh_visit: Visit) -> None:
    visitor = fresh_visit(f"{SHORT}&path=projection", viewport={"width": 360, "height": 640}, has_touch=True)
    button(visitor).click()
    expect(status(visitor)).to_have_text("120 of 120 updates")
    expect(visitor.page.locator("#projection-words")).to_contain_text("away from the plane")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    assert visitor.page.evaluate(UNNAMED) == []
