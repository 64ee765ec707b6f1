// View section: which window of the landscape is shown, its colours and the scale of its heights.

import { isCurve, surfaceOf } from "../../state/scene/lookup.js";
import { withWindow } from "../../state/scene/presets.js";
import { segmentedControl, selectField } from "../elements/choice.js";
import { make } from "../elements/dom.js";

const COLOURS = [
  ["loss", "Loss"],
  ["gradient_norm", "Gradient norm"],
];
const HEIGHTS = [
  ["auto", "Auto"],
  ["linear", "Linear"],
  ["log", "Log"],
];
const ZOOMED = "zoomed"; // the option for a window without a name

/** The landscape's named windows; the first one is the Scene's default and has no name in a link. */
function windowField(change) {
  const field = selectField("Window", "window", [], (name) => {
    // The page shows the zoomed window already.
    if (name !== ZOOMED) change((scene) => withWindow(scene, name === "" ? null : name), true);
  });
  let known = "";
  return {
    element: field.element,
    sync(scene) {
      const { kind, windows } = surfaceOf(scene);
      const names = Object.keys(windows);
      const zoomed = Array.isArray(scene.window);
      // `sync` runs after every change, so the options are replaced only if they differ.
      if (known !== kind + zoomed) {
        known = kind + zoomed;
        field.fill([...names.map((name, k) => [k ? name : "", name]), ...(zoomed ? [[ZOOMED, ZOOMED]] : [])]);
      }
      field.sync(zoomed ? ZOOMED : scene.window === names[0] ? "" : (scene.window ?? ""));
    },
  };
}

/** A field of the Scene as a few buttons in a row. */
function choiceRow(label, field, options, change) {
  const choice = segmentedControl(label, field, options, (value) =>
    change((scene) => ({ ...scene, [field]: value }), true),
  );
  const element = make("div", { className: "row" }, make("span", {}, label), choice.element);
  return { element, sync: (scene) => choice.sync(scene[field]) };
}

export function viewSection(change) {
  const parts = [
    windowField(change),
    choiceRow("Colour", "colour", COLOURS, change),
    choiceRow("Height", "height", HEIGHTS, change),
  ];
  const elements = parts.map(({ element }) => element);
  return {
    element: make("section", { className: "family view", "data-part": "" }, ...elements),
    sync(scene) {
      for (const part of parts) part.sync(scene);
      // A curve shows the loss as its height.
      elements[1].hidden = isCurve(surfaceOf(scene));
    },
  };
}
