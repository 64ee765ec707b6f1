// Outcome axes: whether every start is swept or two quantities, which, and over what range.

import { NO_SWEEP } from "../../state/scene/presets.js";
import { axisLabel, quantities } from "../../state/scene/sweep_axes.js";
import { make } from "../elements/dom.js";
import { segmented } from "../elements/field.js";

const KINDS = [
  ["outcomes", "Every start"],
  ["sweep", "Two quantities"],
];

/** A number as typed, or null. */
function typedNumber(text) {
  const value = Number(text);
  return text.trim() && Number.isFinite(value) ? value : null;
}

/** One axis: a list of quantities and the two ends of its range. */
function axisChoice(title, choose, range) {
  const list = make("select", { "aria-label": `${title}: quantity`, oninput: () => choose(list.value) });
  const ends = ["from", "to"].map((word) =>
    make("input", {
      type: "text",
      inputMode: "decimal",
      autocomplete: "off",
      "aria-label": `${title}: ${word}`,
      onchange: () => range(),
    }),
  );
  return {
    element: make("span", { className: "axis" }, title, list, ends[0], "to", ends[1]),
    list,
    ends,
  };
}

export function outcomeAxesView({ catalogue, store, change, say }) {
  const kinds = segmented("Swept", "outcomes-kind", KINDS, (map) => change((scene) => ({ ...scene, map }), true));
  const axes = ["across", "upward"].map((title, k) => axisChoice(title, (name) => choose(k, name), ranged));
  const pair = make("span", { className: "axes" }, ...axes.map(({ element }) => element));

  /** Names of the axes that are shown: the Scene's, or those the server takes where nobody chose. */
  const namesNow = () => store.get().scene.sweep ?? store.get().outcomes.axes.map(({ name }) => name);

  function choose(k, name) {
    const names = [...namesNow()];
    // The same quantity twice is none: then they change places.
    if (names[1 - k] === name) names[1 - k] = names[k];
    names[k] = name;
    say([]);
    change((scene) => ({ ...scene, ...NO_SWEEP, sweep: names }), true);
  }

  function ranged() {
    const numbers = axes.flatMap(({ ends }) => ends.map(({ value }) => typedNumber(value)));
    const wrong = axes.flatMap(({ ends }) => ends).find(({ value }) => typedNumber(value) === null);
    if (wrong) return say([`${wrong.ariaLabel} must be a number, got ${wrong.value.trim() || "nothing"}`]);
    say([]);
    change((scene) => ({ ...scene, sweep: namesNow(), sweep_ranges: numbers }), true);
  }

  return {
    elements: [kinds.element, pair],
    sync(scene, outcomes) {
      kinds.sync(scene.map);
      pair.hidden = scene.map !== "sweep" || outcomes?.kind !== "sweep";
      if (pair.hidden) return;
      const all = quantities(scene);
      axes.forEach(({ list, ends }, k) => {
        const axis = outcomes.axes[k];
        const called = (name) => axisLabel(scene, name, store.get().slice);
        list.replaceChildren(...all.map((name) => make("option", { value: name }, called(name))));
        list.value = scene.sweep?.[k] ?? axis.name;
        [axis.low, axis.high].forEach((value, end) => {
          if (document.activeElement !== ends[end]) ends[end].value = String(Number(value.toPrecision(4)));
        });
      });
    },
  };
}
