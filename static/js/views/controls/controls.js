// Controls: all sections next to the map, generated from the catalogue.

import { catalogue } from "../../state/scene/catalogue.js";
import { noKernel, onServer } from "../../state/scene/lookup.js";
import { segmentedControl } from "../elements/choice.js";
import { make } from "../elements/dom.js";
import { numberField } from "../elements/number_field.js";
import { familySection } from "./family_section.js";
import { startSection } from "./start_section.js";
import { viewSection } from "./view_section.js";

const RUNS = [
  ["without", "Without"],
  ["with", "With"],
  ["both", "Both"],
];

/** The sections that every landscape has. The choice of runs and the number of steps are placed inside them. */
function runFamilies(change, runs, steps) {
  const family = (title, name) => familySection(title, name, change);
  const [optimizer, clip] = [family("Optimizer", "optimizer"), family("Clipping", "clip")];
  const [landscape, schedule] = [family("Landscape", "landscape"), family("Schedule", "schedule")];
  clip.element.querySelector("h2").after(runs.element);
  // The landscape is chosen in the page's header.
  landscape.element.querySelector(".select").remove();
  optimizer.element.append(make("p", { id: "stable", className: "stable" }), steps.element);
  return { optimizer, clip, landscape, schedule };
}

/** The families of a recurrent network. */
function networkFamilies(change) {
  const title = (family) => family[0].toUpperCase() + family.slice(1);
  const entries = catalogue.rules.network_families.map((family) => [
    family,
    familySection(title(family), family, change),
  ]);
  const sections = Object.fromEntries(entries);
  sections.slice.element.append(make("p", { id: "slice-facts", className: "facts" }));
  return sections;
}

/** Show the server's errors at the fields they name; returns those without a field. */
function showErrors(errors, families, others) {
  return errors.filter(({ field, message }) => {
    const [family, name] = field.split(".");
    const target = families[family]?.fields().get(name) ?? others[family];
    target?.complain(message);
    // The page shows errors without a field above everything else.
    return !target;
  });
}

/** `change(update, done)` replaces the Scene, with `done` when the value is final. */
export function controlsView(change) {
  const runs = segmentedControl("Runs", "runs", RUNS, (value) => change((scene) => ({ ...scene, runs: value }), true));
  const range = { ...catalogue.run[0] };
  const steps = numberField(range, "steps", (value, done) => change((scene) => ({ ...scene, steps: value }), done));
  const { optimizer, clip, landscape, schedule } = runFamilies(change, runs, steps);
  const network = networkFamilies(change);
  const [start, view] = [startSection(change), viewSection(change)];
  const { cell, task, initialisation, slice } = network;
  const sections = [optimizer, clip, start, task, cell, slice, initialisation, landscape, schedule, view];
  const families = { optimizer, schedule, clip, landscape, ...network };
  return {
    elements: sections.map((section) => section.element),
    sync(scene) {
      for (const section of sections) section.sync(scene);
      for (const section of Object.values(network)) section.element.hidden = !onServer(scene);
      runs.sync(scene.runs);
      // The field holds this object, so its bound is changed in place.
      range.high = noKernel(scene) ? catalogue.rules.server_steps : catalogue.run[0].high;
      steps.sync(scene.steps);
    },
    nameStart: start.nameAxes,
    markRate: (items) => optimizer.fields().get("learning_rate")?.mark(items),
    complain: (errors) => showErrors(errors, families, { start, steps }),
  };
}
