// Exported picture: the name, the link and the version of a picture of the page, as all exported files have them.

import { toQuery } from "../../state/scene/url.js";

/** The link of a Scene (app/scene/metadata.py). */
export function linkOf(scene) {
  return `?${toQuery(scene) || `landscape=${scene.landscape.kind}`}`;
}

/** Where a picture is from: its link and the program with its version. */
export const sourceOf = ({ scene, version }) => ({ link: linkOf(scene), software: `Cliffscape ${version}` });

/** A name (app/exports/file_name.py), with the part that the picture shows. */
export function nameOf({ scene, hiddenAfter }, runs, part, format) {
  const outcome = hiddenAfter === null ? [runs[0].summary.outcome] : [];
  // The map of two quantities is another picture than that of the starts.
  const shown = { page: "figure", outcomes: scene.map }[part] ?? part;
  const words = [scene.landscape.kind, ...outcome, shown];
  return `${words.join("-").replaceAll("_", "-")}.${format}`;
}
