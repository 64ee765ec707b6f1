// Outcome axes: whether the map sweeps every start or two quantities, which quantities, and over what range.

import { inputText } from "../../state/numbers.js";
import { isCurve, surfaceOf } from "../../state/scene/lookup.js";
import { NO_SWEEP } from "../../state/scene/presets.js";
import { axisLabel, quantities } from "../../state/scene/sweep_axes.js";
import { segmentedControl } from "../elements/choice.js";
import { make } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";

const ABOUT = "The quantity that this axis of the map sweeps, and the lowest and the highest of its values.";

const KINDS = [
  ["outcomes", "Every start"],
  ["sweep", "Two quantities"],
];

/** A typed number, or null. */
function parseNumber(text) {
  const value = Number(text);
  return text.trim() && Number.isFinite(value) ? value : null;
}

/** One axis: a list of quantities and the two ends of its range. */
function axisChoice(title, choose, setRanges) {
  const list = make("select", { "aria-label": `${title}: quantity`, oninput: () => choose(list.value) });
  const ends = ["from", "to"].map((word) =>
    make("input", {
      type: "text",
      inputMode: "decimal",
      autocomplete: "off",
      "aria-label": `${title}: ${word}`,
      onchange: () => setRanges(),
    }),
  );
  return {
    element: make(
      "span",
      { className: "axis" },
      title,
      infoButton(`the ${title}`, ABOUT),
      list,
      ends[0],
      "to",
      ends[1],
    ),
    list,
    ends,
  };
}

/** Show an axis: the quantities by name and label, the chosen one, and its range. */
function syncAxis({ list, ends }, options, chosen, { low, high }) {
  list.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
  list.value = chosen;
  [low, high].forEach((value, end) => {
    // A number that is being typed stays as it is.
    if (document.activeElement !== ends[end]) ends[end].value = inputText(value, 4);
  });
}

/** The quantities of both axes after `name` was chosen for axis `k`; if the other axis had it, the two are swapped. */
function chooseQuantity(names, k, name) {
  const next = [...names];
  if (next[1 - k] === name) next[1 - k] = next[k];
  next[k] = name;
  return next;
}

/** The four ends of both ranges, and the first input without a number, if there is one. */
function readRanges(axes) {
  const inputs = axes.flatMap(({ ends }) => ends);
  const wrong = inputs.find(({ value }) => parseNumber(value) === null);
  return { wrong, numbers: inputs.map(({ value }) => parseNumber(value)) };
}

export function outcomeAxesView({ store, change, say }) {
  const kinds = segmentedControl("Swept quantities", "outcomes-kind", KINDS, (map) =>
    change((scene) => ({ ...scene, map }), true),
  );
  const axes = ["x axis", "y axis"].map((title, k) => axisChoice(title, (name) => choose(k, name), setRanges));
  const pair = make("span", { className: "axes" }, ...axes.map(({ element }) => element));

  /** Names of the axes on the page: those of the Scene, or the server's choice if the Scene names none. */
  const namesNow = () => store.get().scene.sweep ?? store.get().outcomes.axes.map(({ name }) => name);

  function choose(k, name) {
    // A message about the previous range no longer applies.
    say([]);
    const sweep = chooseQuantity(namesNow(), k, name);
    change((scene) => ({ ...scene, ...NO_SWEEP, sweep }), true);
  }

  function setRanges() {
    const { wrong, numbers } = readRanges(axes);
    if (wrong) return say([`${wrong.ariaLabel} must be a number, got ${wrong.value.trim() || "nothing"}`]);
    say([]);
    change((scene) => ({ ...scene, sweep: namesNow(), sweep_ranges: numbers }), true);
  }

  return {
    elements: [kinds.element, pair],
    sync(scene, outcomes) {
      kinds.sync(scene.map);
      // The starts on a curve span no map.
      kinds.element.hidden = isCurve(surfaceOf(scene));
      pair.hidden = scene.map !== "sweep" || outcomes?.kind !== "sweep";
      if (pair.hidden) return;
      const label = (name) => axisLabel(scene, name, store.get().slice);
      const options = quantities(scene).map((name) => [name, label(name)]);
      axes.forEach((axis, k) => syncAxis(axis, options, scene.sweep?.[k] ?? outcomes.axes[k].name, outcomes.axes[k]));
    },
  };
}
