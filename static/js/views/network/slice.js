// Slice: the names of a slice's axes, and a line of facts about it below its controls.

import { signature } from "../../state/scene/dependencies.js";
import { isNetwork } from "../../state/scene/lookup.js";
import { formatNumber } from "../../state/numbers.js";
import { byId } from "../elements/dom.js";

/** A fact's name in words: the server writes it with underscores. */
function factName(name) {
  return name.replaceAll("_", " ");
}

function factValue(value) {
  return Array.isArray(value) ? value.map(formatNumber).join(", ") : formatNumber(value);
}

function factsText({ parameters, baseline, facts }) {
  const others = Object.entries(facts).map(([name, value]) => `${factName(name)} ${factValue(value)}`);
  const size = `${parameters.toLocaleString("en")} parameters`;
  return [size, `loss of guessing ${formatNumber(baseline)}`, ...others].join("; ");
}

export function sliceView({ controls }) {
  let known = null;
  return {
    sync({ scene, slice }) {
      // Another landscape renames the coordinates of the start, so the slice's names must be set again after it.
      if (!isNetwork(scene)) return void (known = null);
      if (slice === known || slice?.signature !== signature("slice", scene)) return;
      known = slice;
      controls.nameStart(slice.axes);
      byId("slice-facts").textContent = factsText(slice);
    },
  };
}
