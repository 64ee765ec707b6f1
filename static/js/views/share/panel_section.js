// Panel section: a part of the share panel with its heading, and texts that are there to be copied.

import { make } from "../elements/dom.js";

export function panelSection(name, title, ...children) {
  const heading = make("h3", { id: `share-title-${name}` }, title);
  return make("section", { "aria-labelledby": heading.id }, heading, ...children);
}

/** A text that is selected as a whole when it gets the focus. */
export function copySource(tag, id, label) {
  return make(tag, {
    id,
    readOnly: true,
    spellcheck: false,
    "aria-label": label,
    onfocus: (event) => event.target.select(),
  });
}
