// Controls: generated from the catalogue; a family's fields are rebuilt only when its kind changes.

import { NET_FAMILIES, entryOf, onServer, startOf, surfaceOf, windowOf } from "../../state/scene/lookup.js";
import { presetScene, switched, withWindow } from "../../state/scene/presets.js";
import { toQuery } from "../../state/scene/url.js";
import { make } from "../elements/dom.js";
import { numberField, segmented, selectField, textField } from "../elements/field.js";

const BOUND = 1e6;

/** Names and what is said of them, as a list of definitions. */
function defined(rows, className = "") {
  const pairs = Object.entries(rows).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text)));
  return make("dl", { className }, ...pairs);
}

/** One family: a drop-down of kinds, the fields of the chosen kind and what is known about it. */
function familySection(title, family, catalogue, change) {
  const options = catalogue[family].map((e) => [e.kind, e.label]);
  const kinds = selectField(family === "clip" ? "Rule" : "Kind", family, options, (kind) =>
    change((scene) => switched(scene, family, kind), true),
  );
  // A page has many kinds; who does not see the heading hears which one this is.
  if (family !== "clip") kinds.element.querySelector("select").ariaLabel = `Kind of ${title.toLowerCase()}`;
  const fields = make("div", { className: "fields" });
  const notes = make("div", { className: "notes" });
  const element = make(
    "section",
    { className: `family ${family}` },
    make("h2", {}, title),
    kinds.element,
    fields,
    notes,
  );
  let kind = null;
  let byName = new Map();

  function rebuild(entry) {
    byName = new Map(
      entry.parameters.map((parameter) => [
        parameter.name,
        (parameter.type === "str" ? textField : numberField)(parameter, `${family}.${parameter.name}`, (value, done) =>
          change((scene) => ({ ...scene, [family]: { ...scene[family], [parameter.name]: value } }), done),
        ),
      ]),
    );
    fields.replaceChildren(...[...byName.values()].map((field) => field.element));
    const more = make("details", {}, make("summary", {}, entry.summary), defined(entry.notes));
    notes.replaceChildren(more, ...(entry.edges ? [defined(entry.edges, "edges")] : []));
  }

  return {
    element,
    fields: () => byName,
    sync(scene) {
      const chosen = scene[family];
      if (kind !== chosen.kind) rebuild(entryOf(family, (kind = chosen.kind)));
      kinds.sync(kind);
      for (const [name, field] of byName) field.sync(chosen[name]);
    },
  };
}

/** Landscape kinds and their presets in one drop-down for the header. */
export function landscapeChooser(catalogue, change) {
  const own = make("option", { value: "", hidden: true });
  const select = make("select", { id: "field-landscape", "aria-label": "Landscape" }, own);
  for (const entry of catalogue.landscape) {
    const options = entry.presets.map((preset, k) =>
      make("option", { value: `${entry.kind}/${k}`, title: preset.sentence }, `${entry.label}: ${preset.name}`),
    );
    select.append(make("optgroup", { label: entry.label }, ...options));
  }
  select.addEventListener("change", () => {
    const [kind, k] = select.value.split("/");
    const { presets } = entryOf("landscape", kind);
    change((scene) => presetScene(scene, kind, presets[Number(k)]), true);
  });

  /** The preset whose experiment this is, or none: then the name says that it was changed, and a preset resets it. */
  function sync(scene) {
    const { kind, label, presets } = surfaceOf(scene);
    const experiment = (one) => toQuery({ ...one, runs: "both", colour: "loss", height: "auto" });
    const now = experiment(scene);
    const k = presets.findIndex((preset) => experiment(presetScene(scene, kind, preset)) === now);
    own.textContent = `${label}: changed`;
    select.value = k < 0 ? "" : `${kind}/${k}`;
  }

  return { element: select, sync };
}

function startSection(catalogue, change) {
  const bounds = [0, 1].map(() => ({ label: "", sentence: "", low: -BOUND, high: BOUND, type: "float", log: false }));
  const make1 = (k) =>
    numberField(bounds[k], `start.${k}`, (value, done) =>
      change((scene) => ({ ...scene, start: startOf(scene).map((old, j) => (j === k ? value : old)) }), done),
    );
  const fields = [make1(0), make1(1)];
  const element = make(
    "section",
    { className: "family start" },
    make("h2", {}, "Start"),
    make("div", { className: "fields pair" }, ...fields.map((f) => f.element)),
  );
  return {
    element,
    sync(scene) {
      const { axes, windows } = surfaceOf(scene);
      const allowed = [windowOf(scene), ...Object.values(windows)];
      startOf(scene).forEach((value, k) => {
        bounds[k].low = Math.min(...allowed.map((window) => window[2 * k]));
        bounds[k].high = Math.max(...allowed.map((window) => window[2 * k + 1]));
        fields[k].sync(value);
        if (onServer(scene)) return;
        element.classList.remove("long");
        fields[k].element.querySelector("label").textContent = axes[k];
      });
    },
    /** A slice's axes are known once it is laid. */
    name(axes) {
      element.classList.toggle(
        "long",
        axes.some((name) => name.length > 4),
      );
      axes.forEach((name, k) => (fields[k].element.querySelector("label").textContent = name));
    },
    complain: (sentence) => fields[0].complain(sentence),
  };
}

function viewSection(catalogue, change) {
  const windows = selectField("Window", "window", [], (name) => {
    // "Zoomed" is where one is already.
    if (name !== "own") change((scene) => withWindow(scene, name === "" ? null : name), true);
  });
  const colour = segmented(
    "Colour",
    "colour",
    [
      ["loss", "Loss"],
      ["gradient_norm", "Gradient norm"],
    ],
    (value) => change((scene) => ({ ...scene, colour: value }), true),
  );
  const height = segmented(
    "Height",
    "height",
    [
      ["auto", "Auto"],
      ["linear", "Linear"],
      ["log", "Log"],
    ],
    (value) => change((scene) => ({ ...scene, height: value }), true),
  );
  const row = (text, field) => make("div", { className: "row" }, make("span", {}, text), field.element);
  const element = make(
    "section",
    { className: "family view" },
    make("h2", {}, "View"),
    windows.element,
    row("Colour", colour),
    row("Height", height),
  );
  let known = "";
  return {
    element,
    sync(scene) {
      const surface = surfaceOf(scene);
      const names = Object.keys(surface.windows);
      const own = Array.isArray(scene.window);
      if (known !== surface.kind + own) {
        known = surface.kind + own;
        windows.fill([...names.map((name, k) => [k ? name : "", name]), ...(own ? [["own", "zoomed"]] : [])]);
      }
      windows.sync(own ? "own" : scene.window === names[0] ? "" : (scene.window ?? ""));
      colour.sync(scene.colour);
      height.sync(scene.height);
    },
  };
}

function titled(family) {
  return family[0].toUpperCase() + family.slice(1);
}

/** All controls; `change(update, done)` replaces the Scene, `done` when the user has settled on it. */
export function controlsView(catalogue, change) {
  const runs = segmented(
    "Runs",
    "runs",
    [
      ["without", "Without"],
      ["with", "With"],
      ["both", "Both"],
    ],
    (value) => change((scene) => ({ ...scene, runs: value }), true),
  );
  const steps = numberField(catalogue.run[0], "steps", (value, done) =>
    change((scene) => ({ ...scene, steps: value }), done),
  );
  const clip = familySection("Clipping", "clip", catalogue, change);
  clip.element.querySelector("h2").after(runs.element);
  const optimizer = familySection("Optimizer", "optimizer", catalogue, change);
  const landscape = familySection("Landscape", "landscape", catalogue, change);
  landscape.element.querySelector(".select").remove();
  const schedule = familySection("Schedule", "schedule", catalogue, change);
  const start = startSection(catalogue, change);
  const view = viewSection(catalogue, change);
  const net = Object.fromEntries(
    NET_FAMILIES.map((family) => [family, familySection(titled(family), family, catalogue, change)]),
  );
  net.slice.element.append(make("p", { id: "slice-facts", className: "facts" }));
  optimizer.element.append(make("p", { id: "stable", className: "stable" }), steps.element);
  const { cell, task, initialisation, slice } = net;
  const sections = [optimizer, clip, start, task, cell, slice, initialisation, landscape, schedule, view];
  return {
    elements: sections.map((section) => section.element),
    sync(scene) {
      for (const section of sections) section.sync(scene);
      for (const section of Object.values(net)) section.element.hidden = !onServer(scene);
      runs.sync(scene.runs);
      steps.sync(scene.steps);
    },
    nameStart: start.name,
    markRate: (items) => optimizer.fields().get("learning_rate")?.mark(items),
    /** Show the server's complaints beside the fields they name; returns those without a field. */
    complain(errors) {
      return errors.filter(({ field, message }) => {
        const [family, name] = field.split(".");
        const section = { optimizer, schedule, clip, landscape, ...net }[family];
        const target = section?.fields().get(name) ?? { start, steps }[family];
        target?.complain(message);
        return !target;
      });
    },
  };
}
