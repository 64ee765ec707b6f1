// Outcome tools: the quantity that the pictures show, and whether cells in which the runs differ are hatched. They are not
// at first: lines over half of a map are all that one sees of it.

import { catalogue } from "../../state/scene/catalogue.js";
import { QUANTITIES, percent } from "../../state/runs/outcomes.js";
import { intervalText } from "../../state/runs/share_interval.js";
import { segmentedControl } from "../elements/choice.js";
import { byId, make, setText } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";

const SHARED = "converged"; // the quantity that needs several starts per cell

/** What each outcome means, in one text. */
function meanings() {
  const texts = catalogue.outcomes.map((name) => [catalogue.outcome_labels[name], catalogue.outcome_meanings[name]]);
  return texts.map(([label, meaning]) => `${label[0].toUpperCase()}${label.slice(1)}: ${meaning}`).join(" ");
}

/** The legend's item of the cells in which the runs differ; pressing it hatches them. */
function differenceSwitch(redraw) {
  const box = make("input", { type: "checkbox", id: "outcomes-differ", oninput: redraw });
  const words = make("span", {});
  const element = make("label", { className: "differ" }, box, make("i", { className: "patch hatched" }), words);
  return {
    element,
    on: () => box.checked && !element.hidden,
    /** `share` of all `cells`, 0 where there is nothing to hatch. */
    sync(share, cells) {
      element.hidden = !share;
      element.title = share ? `${cells.toLocaleString("en")} cells, ${intervalText(share, cells, 3)}` : "";
      setText(words, share ? `the two runs differ: ${percent(share)}` : "");
    },
  };
}

/** `redraw()` is called when a choice has changed. */
export function outcomeTools(redraw) {
  const shown = segmentedControl("Shown", "outcomes-quantity", QUANTITIES, choose);
  const difference = differenceSwitch(redraw);
  byId("outcomes-tools").prepend(shown.element);
  byId("outcomes-legend").after(difference.element, infoButton("the outcomes", meanings()));
  let quantity = "outcome";
  shown.sync(quantity);

  function choose(value) {
    quantity = value;
    shown.sync(quantity);
    redraw();
  }

  return {
    quantity: () => quantity,
    hatched: () => difference.on(),
    /** Offer the share of starts only if each cell has several starts, and hatching only if `both` runs are shown. */
    sync({ cloud, differ, columns, rows }, both) {
      difference.sync(both ? differ : 0, columns * rows);
      shown.element.querySelector(`[data-value=${SHARED}]`).hidden = cloud <= 1;
      if (quantity === SHARED && cloud <= 1) shown.sync((quantity = "outcome"));
    },
  };
}
