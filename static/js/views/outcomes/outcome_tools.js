// Outcome tools: the quantity that the pictures show, and whether cells in which the runs differ are hatched.

import { QUANTITIES } from "../../state/runs/outcomes.js";
import { segmentedControl } from "../elements/choice.js";
import { byId, make } from "../elements/dom.js";

const SHARED = "converged"; // the quantity that needs several starts per cell

/** `redraw()` is called when a choice has changed. */
export function outcomeTools(redraw) {
  const shown = segmentedControl("Shown", "outcomes-quantity", QUANTITIES, choose);
  const box = make("input", { type: "checkbox", id: "outcomes-differ", checked: true, oninput: redraw });
  byId("outcomes-tools").prepend(shown.element, make("label", {}, box, " hatch where the two runs differ"));
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
