// Landscape chooser: all landscapes and their presets in one drop-down in the page's header.

import { entryOf, presetScene, surfaceOf, toQuery } from "../../state/scene/scene.js";
import { make } from "../elements/dom.js";

/** One landscape's presets. */
function presetGroup({ kind, label, presets }) {
  const options = presets.map((preset, k) =>
    make("option", { value: `${kind}/${k}`, title: preset.sentence }, `${label}: ${preset.name}`),
  );
  return make("optgroup", { label }, ...options);
}

/** Which preset a Scene is, whatever it shows of it; -1 for none. */
function presetIndex(catalogue, scene) {
  const { kind, presets } = surfaceOf(catalogue, scene);
  const experiment = (one) => toQuery(catalogue, { ...one, runs: "both", colour: "loss", height: "auto" });
  const current = experiment(scene);
  return presets.findIndex((preset) => experiment(presetScene(catalogue, scene, kind, preset)) === current);
}

export function landscapeChooser(catalogue, change) {
  const changed = make("option", { value: "", hidden: true });
  const select = make("select", { id: "field-landscape", "aria-label": "Landscape" }, changed);
  select.append(...catalogue.landscape.map(presetGroup));
  select.addEventListener("change", () => {
    const [kind, k] = select.value.split("/");
    const { presets } = entryOf(catalogue, "landscape", kind);
    change((scene) => presetScene(catalogue, scene, kind, presets[Number(k)]), true);
  });

  /** Choose the Scene's preset. With none, the option says that the experiment was changed; a preset resets it. */
  function sync(scene) {
    const { kind, label } = surfaceOf(catalogue, scene);
    const k = presetIndex(catalogue, scene);
    changed.textContent = `${label}: changed`;
    select.value = k < 0 ? "" : `${kind}/${k}`;
  }

  return { element: select, sync };
}
