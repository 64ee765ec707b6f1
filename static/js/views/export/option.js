// Option: a choice of an export.

import { make } from "../elements/dom.js";

export const THEMES = Object.entries({ light: "Light", dark: "Dark" });

/** A drop-down over `[value, text]` options with its label in front. */
export function option(id, label, options) {
  const select = make("select", { id }, ...options.map(([value, text]) => make("option", { value }, text)));
  return { select, element: make("p", { className: "option" }, make("label", { for: id }, label), select) };
}

/** Sizes in pixels per unit, as options. */
export const sizes = (scales) => scales.map((times) => [times, `${times}×`]);
