// Figure options: which part of the page a figure shows, and how.

import { make } from "../elements/dom.js";
import { PARTS } from "../figure/caption.js";

const SCALES = [1, 2, 3, 4];
const USUAL_SCALE = 2;
const THEMES = { light: "Light", dark: "Dark" };

/** A drop-down with its label in front. */
function choice(id, label, options) {
  const select = make("select", { id }, ...options.map(([value, text]) => make("option", { value }, text)));
  return { select, element: make("p", { className: "option" }, make("label", { for: id }, label), select) };
}

/** The parts that a state can show; the outcome map would reveal the answer to a lesson's question. */
function isShown(part, { scene, hiddenAfter }) {
  return part !== "outcomes" || (scene.map !== "loss" && hiddenAfter === null);
}

export function figureOptions() {
  const names = Object.entries(PARTS).map(([part, { name }]) => [part, name]);
  const part = choice("figure-part", "Show", names);
  const theme = choice("figure-theme", "Colours", Object.entries(THEMES));
  const scale = choice(
    "figure-scale",
    "Size of a PNG",
    SCALES.map((times) => [times, `${times}×`]),
  );
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
      for (const option of part.select.options) option.hidden = option.disabled = !isShown(option.value, state);
      if (part.select.selectedOptions[0]?.disabled) part.select.value = "page";
    },
  };
}
