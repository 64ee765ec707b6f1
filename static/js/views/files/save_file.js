// Save file: hands a file to the browser, which saves it as it saves every download.

import { make } from "../elements/dom.js";

const DELAY = 1000; // milliseconds, by which time the browser has started the download

/** @param {{name: string, blob: Blob}} file */
export function saveFile({ name, blob }) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), DELAY);
}
