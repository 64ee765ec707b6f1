// Outcome tools: the quantity that the pictures show, and whether cells in which the runs differ are hatched.

import { catalogue } from "../../state/scene/catalogue.js";
import { QUANTITIES } from "../../state/runs/outcomes.js";
import { segmentedControl } from "../elements/choice.js";
import { byId, make } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";

const SHARED = "converged"; // the quantity that needs several starts per cell

/** What each outcome means, in one text. */
function meanings() {
  const texts = catalogue.outcomes.map((name) => [catalogue.outcome_labels[name], catalogue.outcome_meanings[name]]);
  return texts.map(([label, meaning]) => `${label[0].toUpperCase()}${label.slice(1)}: ${meaning}`).join(" ");
}

/** `redraw()` is called when a choice has changed. */
export function outcomeTools(redraw) {
  const shown = segmentedControl("Shown", "outcomes-quantity", QUANTITIES, choose);
  const box = make("input", { type: "checkbox", id: "outcomes-differ", checked: true, oninput: redraw });
  byId("outcomes-tools").prepend(shown.element, make("label", {}, box, " hatch where the two runs differ"));
  byId("outcomes-legend").after(infoButton("the outcomes", meanings()));
  let quantity = "outcome";
  shown.sync(quantity);

  function choose(value) {
    quantity = value;
    shown.sync(quantity);
    redraw();
  }

  return {
    quantity: () => quantity,
    hatched: () => box.checked,
    /** Offer the share of starts only if each cell has several starts. */
    sync({ cloud }) {
      shown.element.querySelector(`[data-value=${SHARED}]`).hidden = cloud <= 1;
      if (quantity === SHARED && cloud <= 1) shown.sync((quantity = "outcome"));
    },
  };
}
