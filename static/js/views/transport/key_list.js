// Key list: a dialog with the keys of the page, which "?" and two buttons open.

import { byId } from "../elements/dom.js";

/** Returns the function that opens the list, or closes it if it is open. */
export function keyList() {
  const dialog = byId("keys");
  const toggle = () => (dialog.open ? dialog.close() : dialog.showModal());
  for (const button of document.querySelectorAll("[aria-controls=keys]")) button.addEventListener("click", toggle);
  byId("keys-close").addEventListener("click", toggle);
  // A press outside the list hits the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return toggle;
}
