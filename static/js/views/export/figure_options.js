// Figure options: which part of the page a figure shows, and how.

import { make, setText } from "../elements/dom.js";
import { hasFigure, partOf, PARTS } from "../figure/caption.js";
import { option, sizes, THEMES } from "./option.js";

const SCALES = [1, 2, 3, 4];
const USUAL_SCALE = 2;

/** The parts that a state can show; the outcome map would reveal the answer to a lesson's question. */
function isShown(part, { scene, hiddenAfter }) {
  return hasFigure(scene, part) && (part !== "outcomes" || (scene.map !== "loss" && hiddenAfter === null));
}

export function figureOptions() {
  const names = Object.entries(PARTS).map(([part, { name }]) => [part, name]);
  const part = option("figure-part", "Show", names);
  const theme = option("figure-theme", "Colours", THEMES);
  const scale = option("figure-scale", "Size of a PNG", sizes(SCALES));
  scale.select.value = String(USUAL_SCALE);
  const transparent = make("input", { type: "checkbox", id: "figure-transparent" });
  const background = make("label", { className: "option" }, transparent, "Transparent background");

  return {
    elements: [part.element, theme.element, scale.element, background],
    chosen: () => ({
      part: part.select.value,
      theme: theme.select.value,
      scale: Number(scale.select.value),
      transparent: transparent.checked,
    }),
    /** Offer the parts that the page shows. */
    sync(state) {
      for (const one of part.select.options) {
        one.hidden = one.disabled = !isShown(one.value, state);
        setText(one, partOf(state.scene, one.value).name);
      }
      if (part.select.selectedOptions[0]?.disabled) part.select.value = "page";
    },
  };
}
