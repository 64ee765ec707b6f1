// Fold: a details element whose state is remembered when the reader opens or closes it.

import { isEmbedded } from "../../state/presentation.js";
import { recall, remember } from "../../state/memory.js";
import { make } from "./dom.js";

const FOLDS = "folds"; // name in the memory: the state of every fold that the reader has used

const known = () => recall(FOLDS) ?? {};

/** Open or close a details element as the reader left it, and remember what the reader does with it. */
export function rememberFold(details, name) {
  details.open = known()[name] ?? details.open;
  // A script or a link may open it too, so only the reader's own press counts.
  details
    .querySelector("summary")
    .addEventListener("click", () => remember(FOLDS, { ...known(), [name]: !details.open }));
}

/** A folded group with a title. */
export function fold(title, name, ...children) {
  const summary = make("summary", {}, make("h2", {}, title));
  // In a frame, a group has only the fields that the link names.
  const details = make("details", { className: `group ${name}`, "data-part": "" }, summary, ...children);
  rememberFold(details, name);
  details.open ||= isEmbedded();
  return details;
}
