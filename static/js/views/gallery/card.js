// Card: a landscape in the gallery, with its picture, its sentence and its presets.

import { make } from "../elements/dom.js";

/** The name of a preset in `data-preset`. */
export const presetName = (kind, k) => `${kind}/${k}`;

function presetItem({ kind }, preset, k, choose) {
  const name = make("b", {}, preset.name);
  const button = make(
    "button",
    { type: "button", tabIndex: -1, "data-preset": presetName(kind, k), onclick: () => choose(kind, preset) },
    name,
    make("span", { title: preset.sentence }, preset.sentence),
  );
  return { item: make("li", {}, button), button, words: `${preset.name} ${preset.sentence}`.toLowerCase() };
}

/** Everything that the search finds of a landscape: its label, its group and its docstring. */
function wordsOf({ label, group, summary, notes, parameters }) {
  const sentences = parameters.map((parameter) => `${parameter.label} ${parameter.sentence}`);
  return [label, group, summary, ...Object.values(notes), ...sentences].join(" ").toLowerCase();
}

/**
 * A card. `canvas` is for its picture, and `presets` are its items with the words that the search finds.
 * @param {any} landscape the landscape in the catalogue
 * @param {(kind: string, preset: any) => void} choose
 */
export function landscapeCard(landscape, choose) {
  const { kind, label, summary } = landscape;
  const canvas = make("canvas", { "aria-hidden": "true" });
  const presets = landscape.presets.map((preset, k) => presetItem(landscape, preset, k, choose));
  // The picture is a large target for the first preset, which it shows.
  canvas.addEventListener("click", () => presets[0].button.click());
  const title = make("h4", {}, label);
  const list = make("ul", { className: "presets" }, ...presets.map(({ item }) => item));
  const item = make("li", { className: "card" }, canvas, make("div", {}, title, make("p", {}, summary)), list);
  return { kind, landscape, item, canvas, presets, words: wordsOf(landscape) };
}
