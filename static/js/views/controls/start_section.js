// Start section: the two coordinates of the start.

import { catalogue } from "../../state/scene/catalogue.js";
import { isNetwork, onServer, startOf, surfaceOf, windowOf } from "../../state/scene/lookup.js";
import { make } from "../elements/dom.js";
import { explain } from "../elements/info.js";
import { numberField } from "../elements/number_field.js";

const SHORT = 4; // longest axis name that fits next to its input
const ABOUT = "Coordinate of the point at which both runs begin.";

/** A coordinate as a parameter; its bounds follow the windows of the landscape. */
function coordinate() {
  const { largest_coordinate: bound } = catalogue.rules;
  return { label: "", sentence: ABOUT, low: -bound, high: bound, type: "float", log: false };
}

function coordinateField(parameter, k, change) {
  const moveStart = (scene, value) => startOf(scene).map((old, j) => (j === k ? value : old));
  return numberField(parameter, `start.${k}`, (value, done) =>
    change((scene) => ({ ...scene, start: moveStart(scene, value) }), done),
  );
}

/** The lowest and highest coordinate `k` of several windows. */
function boundsOf(windows, k) {
  return {
    low: Math.min(...windows.map((window) => window[2 * k])),
    high: Math.max(...windows.map((window) => window[2 * k + 1])),
  };
}

export function startSection(change) {
  const coordinates = [coordinate(), coordinate()];
  const fields = coordinates.map((parameter, k) => coordinateField(parameter, k, change));
  const pair = make("div", { className: "fields pair" }, ...fields.map((field) => field.element));
  const element = make("section", { className: "family start", "data-part": "start" }, make("h3", {}, "Start"), pair);
  const labels = fields.map((field) => field.element.querySelector("label"));

  function nameAxes(axes) {
    const long = axes.some((name) => name.length > SHORT);
    element.classList.toggle("long", long);
    labelFields(axes);
  }

  /** On a curve, the start has one coordinate. */
  function labelFields(axes) {
    fields[1].element.hidden = axes.length === 1;
    axes.forEach((name, k) => {
      labels[k].textContent = name;
      explain(fields[k].element.querySelector(".info"), `${name} at the start`, ABOUT);
    });
  }

  return {
    element,
    /** The axes of a slice are known only when its frame has arrived. */
    nameAxes,
    complain: (sentence) => fields[0].complain(sentence),
    sync(scene) {
      const { axes, windows } = surfaceOf(scene);
      const allowed = [windowOf(scene), ...Object.values(windows)];
      startOf(scene).forEach((value, k) => {
        // The fields hold these objects, so their bounds are changed in place.
        Object.assign(coordinates[k], boundsOf(allowed, k));
        fields[k].sync(value);
      });
      if (isNetwork(scene)) return;
      if (onServer(scene)) return void nameAxes(axes);
      element.classList.remove("long");
      labelFields(axes);
    },
  };
}
