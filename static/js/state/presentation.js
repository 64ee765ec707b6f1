// Presentation: which parts the page leaves out, and which fields of the Scene it locks. It comes from the page's link,
// is not part of a Scene, and stays the same while the page is open.

import { catalogue } from "./scene/catalogue.js";
import { entryOf, isCurve, noKernel, startOf, surfaceOf } from "./scene/lookup.js";
import { complaint } from "./scene/validation.js";

const USUAL = { embed: false, query: "", show: [], hide: [], lock: [], locked: [], fixed: [], left_out: [], parts: [] };
/** @type {Record<"show" | "hide" | "lock" | "locked" | "fixed" | "left_out" | "parts", string[]> & {embed: boolean, query: string}} */
let presentation = USUAL;

/** To be called once, before the page is built. */
export function bindPresentation(found) {
  presentation = found;
}

/** Whether the page is made for a frame inside another page. */
export const isEmbedded = () => presentation.embed;

/** A query with the presentation at its end, so that a link keeps it. */
export const withPresentation = (query) => [query, presentation.query].filter(Boolean).join("&");

/** What a frame shows and locks unless the reader chooses: as this page if it is in one, or the main controls. */
export function usualFrame({ landscape }) {
  const { embed, show, lock } = presentation;
  if (embed) return { show, lock };
  const { main, parameters } = entryOf("landscape", landscape.kind);
  const own = parameters.some(({ name }) => name === main) ? [main] : [];
  return { show: ["clipping", "learning_rate", ...own, "play", "step"], lock };
}

/** The query of an experiment with only the chosen parts, for a frame or a page of its own. */
export const framedQuery = (query, { show, lock }) => presentedQuery(query, ["embed"], { show, lock });

/** The query of an experiment on the whole page, with the chosen locks. */
export function wholeQuery(query, { lock }) {
  const { embed, show } = presentation;
  return presentedQuery(query, [], { show: embed ? [] : show, lock });
}

/** A page hides what it was opened without. */
function presentedQuery(query, flags, { show, lock }) {
  const lists = Object.entries({ show, hide: presentation.hide, lock }).filter(([, names]) => names.length);
  return [query, ...flags, ...lists.map(([key, names]) => `${key}=${names.join(",")}`)].filter(Boolean).join("&");
}

/** The names of all parts, as in the page's template. */
export const pageParts = () => presentation.parts;

/** Whether the page has a part, named by `data-part` in its template. */
export const hasPart = (part) => !presentation.left_out.includes(part);

/** Whether the page shows a relief of a Scene. A loss of one parameter has none. */
export const showsRelief = (scene) => hasPart("relief") && !isCurve(surfaceOf(scene));

/** Whether the reader cannot change a field, such as "start.0", "optimizer.learning_rate" or "optimizer", its kind. */
export function isLocked(field) {
  const { locked, fixed } = presentation;
  return locked.includes(field) || locked.includes(field.split(".")[0]) || fixed.includes(field);
}

/** What a family becomes: locked parameters keep their values, so a kind that cannot have them is refused. */
function keepFamily(family, before, after) {
  if (presentation.locked.includes(family)) return before;
  const names = Object.keys(before).filter((name) => name !== "kind" && isLocked(`${family}.${name}`));
  const { parameters } = entryOf(family, after.kind);
  const takes = (name) => {
    const parameter = parameters.find((one) => one.name === name);
    return parameter && !complaint(parameter, name, String(before[name]));
  };
  if (!names.every(takes)) return before;
  return { ...after, ...Object.fromEntries(names.map((name) => [name, before[name]])) };
}

/** Fields of the Scene that are no families. A change that moves a locked start does not change the window either. */
function keepFields(before, after) {
  const moved = isLocked("start") && String(startOf(before)) !== String(startOf(after));
  const names = catalogue.rules.link_fields.filter((name) => isLocked(name) || (moved && name === "window"));
  return Object.fromEntries(names.map((name) => [name, before[name]]));
}

/** The Scene `after`, with the locked values of `before`. */
export function keepLocked(before, after) {
  if (!presentation.locked.length) return after;
  const { families, server_steps } = catalogue.rules;
  // The values of another landscape belong together, such as a start in its window.
  if (families.some((family) => isLocked(family) && before[family].kind !== after[family].kind)) return before;
  const kept = { ...after, ...keepFields(before, after) };
  for (const family of families) kept[family] = keepFamily(family, before[family], after[family]);
  return noKernel(kept) && kept.steps > server_steps ? before : kept;
}

/** Why a choice was refused, as a sentence; empty if it was not. */
export function refusal(wanted, kept) {
  const family = catalogue.rules.families.find((name) => wanted[name].kind !== kept[name].kind);
  if (!family) return "";
  const label = family === "landscape" ? surfaceOf(wanted).label : entryOf(family, wanted[family].kind).label;
  return `${label} cannot be chosen here, because a value is locked that it does not have.`;
}
