"""Every quantity that the page shows with a number has an "i" beside it that explains it."""

import pytest

from tests.browser.conftest import Visit

# What shows a number, and the part around it that has the explanation, if that is not the element itself.
EVERYWHERE = {
    ".field:has(input)": "",
    ".part thead th": "",
    "figure:has(canvas)": "",
    # Two pictures of one quantity, for the runs without and with clipping, have one explanation.
    "#step-profile figure": "#step-profile",
    "#verdicts .verdict": "",
    "#stable-limit": ".stable",
    "#step-label": ".transport",
}
MAP = {
    "#outcomes .pair figure": "#outcomes",
    ".axis": "",
    "#outcomes-words": ".said",
    "#outcomes-tools": "",
    "#outcomes-legend": ".key",
}
NETWORK = {
    "#slice-facts": ".facts",
    "#gradient-flow-words": "p",
    "#training-verdicts": "#training-result",
    "#projection-words": "p",
}
# What a page has beside that; the studies are those of a chain and of a composition.
SCENES = {
    "?landscape=saddle&steps=20&map=outcomes": MAP,
    "?landscape=recurrent_network": NETWORK,
    "?landscape=heavy_tails": {"#bias-words": "p"},
    "?landscape=one_unit_rnn": {"#study figure": ""},
    "?landscape=repeated_composition": {"#study figure": ""},
}
# All that is not explained. What is hidden until it has a number counts too, except the studies of other landscapes.
UNEXPLAINED = """(quantities) => {
  const pairs = ['#outcomes .pair figure', ...Object.keys(quantities).filter((selector) => quantities[selector])];
  const text = (element) => element.outerHTML.slice(0, 99);
  const explains = (info) => info.ariaLabel.length > 'About '.length && info.ariaDescription?.length > 10;
  const found = [];
  for (const [selector, around] of Object.entries(quantities))
    for (const one of document.querySelectorAll(selector)) {
      // Another selector has its place.
      if (one.closest('#study[hidden]') || (!around && pairs.some((pair) => one.matches(pair)))) continue;
      const place = around ? one.closest(around) : one;
      if (![...place.querySelectorAll('.info')].some(explains)) found.push(`${selector}: ${text(one)}`);
    }
  return found;
}"""
PRESENT = "(parts) => parts.every((part) => document.querySelector(part))"
# A control inside a control.
NESTED = "document.querySelectorAll(':is(summary, label, button) .info').length"


@pytest.mark.parametrize("query", SCENES)
def test_every_quantity_has_an_explanation(visit: Visit, query: str) -> None:
    visitor = visit(query)
    visitor.until(PRESENT, list(SCENES[query]))
    assert visitor.page.evaluate(UNEXPLAINED, EVERYWHERE | SCENES[query]) == []
    assert visitor.page.evaluate(NESTED) == 0


def test_a_new_quantity_without_an_explanation_is_found(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate("""() => {
      const figure = document.createElement('figure');
      figure.append(document.createElement('canvas'));
      document.getElementById('this-step').append(figure);
    }""")
    found = visitor.page.evaluate(UNEXPLAINED, EVERYWHERE)
    visitor.page.evaluate("document.querySelector('#this-step > figure').remove()")
    assert found == ["figure:has(canvas): <figure><canvas></canvas></figure>"]
