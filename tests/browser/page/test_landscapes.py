"""Every landscape and preset of the catalogue, chosen in turn by one visitor, and the controls that follow."""

import pytest
from playwright.sync_api import expect

from cliffscape.landscapes.catalogue import LANDSCAPES
from tests.browser import expected
from tests.browser.conftest import Visit
from tests.browser.gallery.gallery_panel import choose_preset, expect_preset
from tests.browser.page.surface_keys import KEYS, await_finest
from tests.browser.visitor import Visitor

PRESETS = [f"{entry.kind}/{k}" for entry in LANDSCAPES for k in range(len(entry.presets))]
# A formula of one variable.
CURVE = "formula/4"
# The opening preset last, so that each choice is a change. Of a landscape's other presets the page shows nothing that
# it does not show of the first one.
ORDER = [
    pytest.param(choice, marks=[pytest.mark.thorough] * (not choice.endswith("/0") and choice != CURVE))
    for choice in (*PRESETS[1:], PRESETS[0])
]
PICTURE = """() => {
  const canvas = document.getElementById('heat');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""

# Fields of the landscape's parameters, once they are those of a landscape.
FIELDS = """(names) => {
  const fields = [...document.querySelectorAll("[data-field^='landscape.']")];
  return String(fields.map((field) => field.dataset.field).sort()) === String(names.sort());
}"""
# The first landscape of each group; the relief takes as much time as all else on the page.
RELIEFS = list({entry.of().group: f"{entry.kind}/0" for entry in reversed(list(LANDSCAPES))}.values())


@pytest.fixture(scope="module")
def collector(long_visit: Visit) -> Visitor:
    """A visitor for all presets."""
    return long_visit()


@pytest.mark.parametrize("choice", ORDER)
def test_every_preset_shows_its_landscape(collector: Visitor, choice: str) -> None:
    kind, k = choice.split("/")
    entry = LANDSCAPES[kind]
    preset = entry.presets[int(k)]
    text = preset.choices.get("landscape.text")
    # The axes and the start of a formula are those of its text.
    shown = entry.of(text=text) if text else entry.of()
    choose_preset(collector, choice)
    expect(collector.page).to_have_title(f"{entry.label} · Cliffscape")
    collector.until(FIELDS, [f"landscape.{parameter.name}" for parameter in shown.parameters])
    collector.until(
        """([kind, steps, start, method, rate, threshold, own]) => {
          const { landscape, optimizer, clip, start: place, steps: chosen } = history.state.scene;
          return landscape.kind === kind && chosen === steps && String(place) === String(start)
            && optimizer.kind === method && (optimizer.learning_rate ?? null) === rate
            && clip.threshold === threshold && Object.entries(own).every(([name, value]) => landscape[name] === value);
        }""",
        [
            kind,
            preset.choices["steps"],
            preset.choices.get("start"),
            preset.choices["optimizer"],
            preset.choices.get("optimizer.learning_rate"),
            preset.choices["clip.threshold"],
            {name: preset.choices.get(f"landscape.{name}", value) for name, value in entry.defaults.items()},
        ],
    )
    chosen = expected.scene(collector.link())
    assert chosen.steps == preset.choices["steps"]
    collector.until("(key) => document.getElementById('map').dataset.key === key", expected.picture(collector.link()))
    assert collector.start() == preset.choices.get("start", shown.start)
    for run, said in expected.verdicts(collector.link()).items():
        expect(collector.sentence(run)).to_have_text(said.partition(": ")[2])
    assert collector.page.evaluate(PICTURE) > 30
    expect(collector.page.locator("[data-field^='start.']:not([hidden]) label")).to_have_text(list(shown.axes))
    expect_preset(collector, choice)
    assert collector.errors == []


def test_the_relief_shows_the_landscape_too(fresh_visit: Visit) -> None:
    visitor = fresh_visit(relief=True)
    for choice in RELIEFS:
        before = visitor.page.evaluate(KEYS)
        choose_preset(visitor, choice)
        await_finest(visitor, before)
        assert visitor.colours("#relief") > 30
    choose_preset(visitor, CURVE)
    expect(visitor.page.locator("#relief")).to_be_hidden()


@pytest.mark.parametrize(("choice", "window"), [("one_unit_rnn/0", "paper"), ("product_of_weights/0", "saddle")])
def test_a_window_of_the_landscape_is_chosen_by_name(visit: Visit, choice: str, window: str) -> None:
    visitor = visit()
    if choice != "one_unit_rnn/0":
        choose_preset(visitor, choice)
    visitor.field("window").select_option(window)
    visitor.until("(window) => location.search.includes(`window=${window}`)", window)
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    for run, said in expected.verdicts(visitor.link()).items():
        expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])


@pytest.mark.parametrize(("group", "value"), [("colour", "gradient_norm"), ("height", "log")])
def test_the_view_changes_the_picture_and_not_the_runs(visit: Visit, group: str, value: str) -> None:
    visitor = visit()
    expect(visitor.page.locator("#map[data-columns='513']")).to_be_visible()
    sample = """() => {
      const heat = document.getElementById('heat');
      const { data } = heat.getContext('2d').getImageData(60, 20, heat.width - 90, heat.height - 80);
      return data.reduce((sum, value) => sum + value, 0) / data.length;
    }"""
    before, said = visitor.page.evaluate(sample), visitor.verdicts()
    visitor.choose(group, value)
    visitor.until("([group, value]) => location.search === `?${group}=${value}`", [group, value])
    visitor.frames()
    assert abs(visitor.page.evaluate(sample) - before) > 2
    assert visitor.verdicts() == said


def test_every_optimizer_can_be_chosen(visit: Visit) -> None:
    visitor = visit("?landscape=himmelblau&optimizer.learning_rate=0.01&clip.threshold=20")
    for kind in ("momentum", "nesterov", "adam", "gradient_descent"):
        visitor.field("optimizer").select_option(kind)
        visitor.until("(kind) => history.state.scene.optimizer.kind === kind", kind)
        assert expected.scene(visitor.link()).optimizer.learning_rate == 0.01
        for run, said in expected.verdicts(visitor.link()).items():
            expect(visitor.sentence(run)).to_have_text(said.partition(": ")[2])
