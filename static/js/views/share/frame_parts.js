// Frame parts: which parts and values a frame or a link shows, and which values are fixed, as two columns of boxes.

import { pageParts, usualFrame } from "../../state/presentation.js";
import { catalogue } from "../../state/scene/catalogue.js";
import { entryOf, isNetwork } from "../../state/scene/lookup.js";
import { make } from "../elements/dom.js";

// A frame always has these, or they are a choice of the other column.
const ALWAYS = ["headline", "map", "full_page", "landscape"];
const VALUES = { clipping: "Clipping", landscape: "Landscape", start: "Start", steps: "Number of steps" };

// What the page itself calls a part that has no heading.
const PARTS = {
  transport: "Animation",
  title: "Name of the page",
  theme: "Light or dark",
  about: "Notes at the end",
};

const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

/** Names and labels of the values of a Scene. Clipping has the threshold. */
function valuesOf(scene) {
  const { families, network_families: network } = catalogue.rules;
  const own = families.filter((family) => isNetwork(scene) || !network.includes(family));
  const parameters = own.flatMap((family) =>
    entryOf(family, scene[family].kind).parameters.map(({ name, label }) => [family, name, label]),
  );
  const further = parameters.filter(([family, name]) => family !== "clip" || name !== "threshold");
  // A short name that the Scene itself has, such as window, would mean the Scene's.
  const short = (family, name) => (catalogue.rules.link_fields.includes(name) ? `${family}.${name}` : name);
  return { ...VALUES, ...Object.fromEntries(further.map(([family, name, label]) => [short(family, name), label])) };
}

/** Names and labels of the parts that the page has now, those of the header last. Not every landscape has all parts. */
function partsOf() {
  // The outcome map has a button in the header too, before its section.
  const element = (name) => document.querySelector(`[data-part="${name}"]`);
  const section = (name) => document.querySelector(`details[data-part="${name}"]`) ?? element(name);
  const names = pageParts().filter(
    (name) => !ALWAYS.includes(name) && section(name) && !section(name).hasAttribute("hidden"),
  );
  const inHeader = (name) => Number(Boolean(section(name)?.closest(".bar")));
  const follows = (a, b) => section(a)?.compareDocumentPosition(section(b)) & Node.DOCUMENT_POSITION_PRECEDING;
  names.sort((a, b) => inHeader(a) - inHeader(b) || (follows(a, b) ? 1 : -1));
  const heading = (name) => document.querySelector(`details[data-part="${name}"] > summary h2`)?.textContent;
  return Object.fromEntries(names.map((name) => [name, heading(name) || (PARTS[name] ?? words(name))]));
}

function tick(set, name, label, changed) {
  const box = make("input", { type: "checkbox", checked: set.has(name), "aria-label": label });
  box.addEventListener("change", () => {
    if (box.checked) set.add(name);
    else set.delete(name);
    changed();
  });
  return make("td", {}, box);
}

/** A row with a box to show a name, and one to fix it if it is a value. */
function row([name, label], { show, lock }, isValue, changed) {
  const fixed = isValue ? tick(lock, name, `Fix ${label}`, () => changed("lock")) : make("td", {});
  return make(
    "tr",
    { "data-name": name },
    make("th", { scope: "row" }, label),
    tick(show, name, `Show ${label}`, () => changed("show")),
    fixed,
  );
}

/** `changed(column)` is called after every tick, with "show" or "lock". */
export function frameParts(changed) {
  const body = make("tbody", {});
  const heads = ["", "Show", "Fixed"].map((text) => make(text ? "th" : "td", text ? { scope: "col" } : {}, text));
  const table = make("table", { className: "frame-parts" }, make("thead", {}, make("tr", {}, ...heads)), body);
  /** @type {{show: Set<string>, lock: Set<string>} | null} */
  let chosen = null;
  let known = {};

  return {
    element: table,
    /** Offer what a Scene and the page have. What has been ticked stays. */
    sync(scene) {
      const usual = usualFrame(scene);
      chosen ??= { show: new Set(usual.show), lock: new Set(usual.lock) };
      const [values, parts] = [valuesOf(scene), partsOf()];
      known = { ...values, ...parts };
      const rows = (names, isValue) => Object.entries(names).map((one) => row(one, chosen, isValue, changed));
      body.replaceChildren(...rows(values, true), ...rows(parts, false));
    },
    /** The names that are ticked and that the Scene or the page has. */
    chosen: () => {
      const has = (name) => name in known;
      return { show: [...chosen.show].filter(has), lock: [...chosen.lock].filter(has) };
    },
  };
}
