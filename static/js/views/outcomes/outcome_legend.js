// Outcome legend: the meaning of the colours.

import { catalogue } from "../../state/scene/catalogue.js";
import { percent } from "../../state/runs/outcomes.js";
import { intervalText } from "../../state/runs/share_interval.js";
import { formatNumber } from "../../state/numbers.js";
import { cssOfPacked } from "../canvas/heat_image.js";
import { toValue } from "../canvas/value_scale.js";
import { make } from "../elements/dom.js";
import { outcomeColour } from "./outcome_colours.js";

const UNCERTAIN = "The last bit of the start decides: it changes the outcome, or the loss so much that it might. ";
const STOPS = [0, 64, 128, 192, 255];

function outcomeItem(name) {
  const swatch = make("i", { className: "patch" });
  swatch.style.background = outcomeColour(name);
  return make("li", { title: catalogue.outcome_meanings[name] }, swatch, catalogue.outcome_labels[name]);
}

/** The dots on uncertain cells, and the share of these of all `cells` with its interval as a tooltip. */
function uncertainItem(share, cells) {
  const title = `${UNCERTAIN}${cells.toLocaleString("en")} cells, ${intervalText(share, cells, 3)}`;
  return make("li", { title }, make("i", { className: "patch dotted" }), `uncertain: ${percent(share)}`);
}

/** The outcomes' colours, and the dots on uncertain cells. */
function outcomeItems(uncertain, cells) {
  const items = catalogue.outcomes.map(outcomeItem);
  if (uncertain) items.push(uncertainItem(uncertain, cells));
  return items;
}

/** A bar with the colours of a scale, its lowest to the left. */
function scaleBar({ colours }) {
  const bar = make("i", { className: "patch wide" });
  const stops = STOPS.map((k) => cssOfPacked(colours[k]));
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  return bar;
}

/** Both ends of a scale in words. */
export function scaleEnds(scale, quantity) {
  if (scale.share) return ["0 %", "100 %"];
  const [low, high] = [scale.low, scale.high].map((value) => formatNumber(toValue(value, "log")));
  const rest = quantity === "converged_at" ? "; no colour: did not converge" : " or more; no colour: diverged";
  return [low, high + rest];
}

function scaleItem(scale, quantity) {
  const [low, high] = scaleEnds(scale, quantity);
  return make("li", {}, low, scaleBar(scale), high);
}

/** `scale` is that of the pictures' colours, null for outcomes; `uncertain` is the share of `cells` with dots. */
export function drawOutcomeLegend(legend, { scale, quantity, uncertain, cells }) {
  legend.replaceChildren(...(scale ? [scaleItem(scale, quantity)] : outcomeItems(uncertain, cells)));
}
