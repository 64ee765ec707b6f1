// URL: a Scene as the query of a link, which contains only values that differ from the catalogue's defaults.

import { catalogue } from "./catalogue.js";
import { FAMILIES, surfaceOf } from "./lookup.js";
import { fresh } from "./presets.js";

/** The Scene's fields other than families, in the order in which links name them. */
const OWN = ["window", "start", "steps", "updates", "seeds", "runs", "colour", "height", "path"];
OWN.push("map", "sweep", "sweep_ranges", "sweep_scales", "cloud", "cloud_seed");

export function toQuery(scene) {
  const query = new URLSearchParams();
  const write = (key, value) => query.set(key, Array.isArray(value) ? value.join(",") : String(value));
  for (const family of FAMILIES) {
    const chosen = scene[family];
    if (chosen.kind !== catalogue.scene[family].kind) write(family, chosen.kind);
    const defaults = fresh(family, chosen.kind);
    for (const name of Object.keys(defaults)) {
      if (chosen[name] !== defaults[name]) write(`${family}.${name}`, chosen[name]);
    }
  }
  for (const name of OWN) {
    const value = scene[name];
    // The default of the start depends on the landscape, so it is not part of the default Scene.
    const usual = name === "start" && String(value) === String(surfaceOf(scene).start);
    if (value !== null && value !== catalogue.scene[name] && !usual) write(name, value);
  }
  // Commas need no escape in a query, and links are easier to read with them.
  return query.toString().replaceAll("%2C", ",");
}
