// Landscape chooser: all landscapes and their presets in one drop-down in the page's header.

import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf, surfaceOf } from "../../state/scene/lookup.js";
import { presetScene } from "../../state/scene/presets.js";
import { toQuery } from "../../state/scene/url.js";
import { make } from "../elements/dom.js";

/** One landscape's presets. */
function presetGroup({ kind, label, presets }) {
  const options = presets.map((preset, k) =>
    make("option", { value: `${kind}/${k}`, title: preset.sentence }, `${label}: ${preset.name}`),
  );
  return make("optgroup", { label }, ...options);
}

/** The index of the preset that a Scene is equal to, or -1. Runs, colour and height are not part of a preset. */
function presetIndex(scene) {
  const { kind, presets } = surfaceOf(scene);
  const experiment = (one) => toQuery({ ...one, runs: "both", colour: "loss", height: "auto" });
  const current = experiment(scene);
  return presets.findIndex((preset) => experiment(presetScene(scene, kind, preset)) === current);
}

export function landscapeChooser(change) {
  // Shown as the current value of a changed experiment, but not offered in the list.
  const changed = make("option", { value: "", hidden: true });
  const select = make("select", { id: "field-landscape", "aria-label": "Landscape" }, changed);
  select.append(...catalogue.landscape.map(presetGroup));
  select.addEventListener("change", () => {
    const [kind, k] = select.value.split("/");
    const { presets } = entryOf("landscape", kind);
    change((scene) => presetScene(scene, kind, presets[Number(k)]), true);
  });

  /** Select the Scene's preset. If it has none, the selected option says that the experiment was changed. */
  function sync(scene) {
    const { kind, label } = surfaceOf(scene);
    const k = presetIndex(scene);
    changed.textContent = `${label}: changed`;
    select.value = k < 0 ? "" : `${kind}/${k}`;
  }

  return { element: select, sync };
}
