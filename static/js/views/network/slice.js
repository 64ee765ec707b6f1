// Slice: what the server found out about the plane that a net is seen on, in words beside its controls.

import { signature } from "../../state/scene/dependencies.js";
import { onServer } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { byId } from "../elements/dom.js";

/** A fact's name as words: those of the catalogue are formatNumber with underscores. */
function words(name) {
  return name.replaceAll("_", " ");
}

function said(value) {
  return Array.isArray(value) ? value.map(formatNumber).join(", ") : formatNumber(value);
}

export function sliceView({ catalogue, controls }) {
  let known = null;
  return {
    sync({ scene, slice }) {
      if (!onServer(scene) || slice === known || slice?.signature !== signature("slice", scene)) return;
      known = slice;
      controls.nameStart(slice.axes);
      const facts = Object.entries(slice.facts).map(([name, value]) => `${words(name)} ${said(value)}`);
      const size = `${slice.parameters.toLocaleString("en")} parameters`;
      byId("slice-facts").textContent = [size, `guessing costs ${formatNumber(slice.baseline)}`, ...facts].join("; ");
    },
  };
}
