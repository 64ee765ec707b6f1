// Controls: the three that matter most, then all others in folded groups, generated from the catalogue.

import { catalogue } from "../../state/scene/catalogue.js";
import { noKernel, isNetwork } from "../../state/scene/lookup.js";
import { segmentedControl } from "../elements/choice.js";
import { make } from "../elements/dom.js";
import { fold } from "../elements/fold.js";
import { infoButton } from "../elements/info.js";
import { numberField } from "../elements/number_field.js";
import { familySection } from "./family_section.js";
import { isMain } from "./main_fields.js";
import { startSection } from "./start_section.js";
import { viewSection } from "./view_section.js";

const RUNS = [
  ["without", "Without"],
  ["with", "With"],
  ["both", "Both"],
];

const MARKS =
  "Gradient descent is stable while the learning rate is below 2/sharpness. The sharpness is the largest curvature. On " +
  "the slider, a bar marks this limit at the known minimum that is nearest to the end of the run, or to the start of a " +
  "run that is thrown, and triangles mark it at the end of each run.";

const SLICE =
  "Size of the network, and the loss of a network that only guesses. Further numbers describe the plane: the curvature " +
  "or the share of the variance along its two directions, and the learning rate up to which descent is stable.";

const title = (family) => family[0].toUpperCase() + family.slice(1);

/** A family's section, and the place of its main field. */
function placedFamily(name, heading, change, readFormula) {
  const slot = make("div", { className: "fields" });
  const section = familySection(heading, name, change, {
    slot,
    readFormula,
    isMain: (kind, parameter) => isMain(name, kind, parameter.name),
  });
  return { ...section, slot };
}

/** All families of choices, by name. @returns {any} */
function familySections(change, readFormula) {
  const headings = { optimizer: "", clip: "", landscape: "Parameters", schedule: "Schedule" };
  const network = Object.fromEntries(catalogue.rules.network_families.map((name) => [name, title(name)]));
  const names = Object.entries({ ...headings, ...network });
  const sections = Object.fromEntries(
    names.map(([name, heading]) => [name, placedFamily(name, heading, change, readFormula)]),
  );
  // The landscape is chosen in the page's header.
  sections.landscape.element.querySelector(".select").remove();
  const facts = make("p", { className: "facts", "data-part": "" }, make("span", { id: "slice-facts" }), " ");
  facts.append(infoButton("the slice", SLICE));
  sections.slice.element.append(facts);
  sections.optimizer.element.append(make("p", { id: "stable", className: "stable", "data-part": "" }));
  return sections;
}

/** Clipping with its threshold, the learning rate with its limit, and the main parameter of the landscape. */
function mainControls({ clip, optimizer, landscape, task }, runs) {
  const heading = make("h2", {}, "Clipping");
  const about = infoButton("the stable limit", MARKS);
  const limit = make("p", { className: "stable" }, make("span", { id: "stable-limit" }), about);
  return make(
    "section",
    { className: "first-controls", "aria-label": "Main controls" },
    make("div", { className: "first", "data-part": "" }, heading, runs.element, clip.slot),
    make("div", { className: "first", "data-part": "" }, optimizer.slot, limit),
    make("div", { className: "first", "data-part": "" }, landscape.slot, task.slot),
  );
}

/** The folded groups, by name. */
function groups({ optimizer, schedule, clip, landscape, task, cell, slice, initialisation }, { start, view, steps }) {
  const inside = (sections) => make("div", { className: "inside" }, ...sections.map(({ element }) => element));
  return {
    optimizer: fold("Optimizer", "optimizer-group", inside([optimizer, schedule])),
    clip: fold("Clipping rule", "rule-group", inside([clip])),
    landscape: fold("Landscape", "landscape-group", inside([start, landscape, task, cell, slice, initialisation])),
    view: fold("Steps and view", "view-group", inside([steps, view])),
  };
}

// The group of every key of a link that is not the name of a family.
const GROUP_OF = {
  schedule: "optimizer",
  start: "landscape",
  steps: "view",
  window: "view",
  colour: "view",
  height: "view",
};

/** Open the groups in which the keys of a link set a value. */
function openGroups(all, scene, keys) {
  const network = catalogue.rules.network_families;
  for (const key of keys) {
    const [family, name] = key.split(".");
    // The landscape is chosen in the header, and main fields are always in sight.
    if (key === "landscape" || (name && isMain(family, scene[family].kind, name))) continue;
    const group = all[network.includes(family) ? "landscape" : (GROUP_OF[family] ?? family)];
    if (group) group.open = true;
  }
}

/** Show the server's errors at the fields they name; returns those without a field. */
function showErrors(errors, families, others) {
  return errors.filter(({ field, message }) => {
    const [family, name] = field.split(".");
    const target = families[family]?.fields().get(name) ?? others[family];
    // The fields of the start are called like its axes.
    const label = family === "start" ? "Start" : target?.element.querySelector("label")?.textContent;
    // A drop-down has no place for a sentence.
    target?.complain?.(label && message.startsWith(`${field} `) ? label + message.slice(field.length) : message);
    const group = target?.element.closest("details");
    if (group) group.open = true;
    // The page shows errors without a field above everything else.
    return !target?.complain;
  });
}

/**
 * `change(update, done)` replaces the Scene, with `done` when the value is final. `readFormula(text, signal)` asks the
 * server about a formula.
 * @param {Function} change
 * @param {(text: string, signal: AbortSignal) => Promise<string>} readFormula
 */
export function controlsView(change, readFormula) {
  const runs = segmentedControl("Runs", "runs", RUNS, (value) => change((scene) => ({ ...scene, runs: value }), true));
  const range = { ...catalogue.run[0] };
  const steps = numberField(range, "steps", (value, done) => change((scene) => ({ ...scene, steps: value }), done));
  const families = familySections(change, readFormula);
  const [start, view] = [startSection(change), viewSection(change)];
  const all = groups(families, { start, view, steps });
  return {
    elements: [mainControls(families, runs), ...Object.values(all)],
    sync(scene) {
      for (const section of [...Object.values(families), start, view]) section.sync(scene);
      for (const name of catalogue.rules.network_families) {
        families[name].element.hidden = families[name].slot.hidden = !isNetwork(scene);
      }
      runs.sync(scene.runs);
      // The field holds this object, so its bound is changed in place.
      range.high = noKernel(scene) ? catalogue.rules.server_steps : catalogue.run[0].high;
      steps.sync(scene.steps);
    },
    nameStart: start.nameAxes,
    markRate: (items) => families.optimizer.fields().get("learning_rate")?.mark(items),
    openGroups: (scene, keys) => openGroups(all, scene, keys),
    complain: (errors) => showErrors(errors, families, { start, steps }),
  };
}
