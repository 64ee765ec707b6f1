// URL: a Scene as the query of a link, which contains only values that differ from the catalogue's defaults.

import { catalogue } from "./catalogue.js";
import { isCurve, parametersOf, surfaceOf } from "./lookup.js";
import { fresh } from "./presets.js";

/** A start or a window as links have it: on a curve, without the second coordinates, which are 0. */
function placeText(scene, name, value) {
  const size = { start: 1, window: 2 }[name];
  return size && Array.isArray(value) && isCurve(surfaceOf(scene)) ? value.slice(0, size) : value;
}

/** The query of a Scene. The server writes and reads links in app/scene/links.py, and a test compares the two. */
export function toQuery(scene) {
  const query = new URLSearchParams();
  const write = (key, value) => query.set(key, Array.isArray(value) ? value.join(",") : String(value));
  for (const family of catalogue.rules.families) {
    const chosen = scene[family];
    if (chosen.kind !== catalogue.scene[family].kind) write(family, chosen.kind);
    // A formula may declare other defaults.
    const declared = parametersOf(scene, family).map((parameter) => [parameter.name, parameter.default]);
    const defaults = { ...fresh(family, chosen.kind), ...Object.fromEntries(declared) };
    for (const name of Object.keys(defaults)) {
      if (chosen[name] !== defaults[name]) write(`${family}.${name}`, chosen[name]);
    }
  }
  for (const name of catalogue.rules.link_fields) {
    const value = scene[name];
    // The default of the start depends on the landscape, so it is not part of the default Scene.
    const usual = name === "start" && String(value) === String(surfaceOf(scene).start);
    if (value !== null && value !== catalogue.scene[name] && !usual) write(name, placeText(scene, name, value));
  }
  // Commas need no escape in a query, and links are easier to read with them.
  return query.toString().replaceAll("%2C", ",");
}
