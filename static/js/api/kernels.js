// Kernels: modules traced from PyTorch. The address contains a hash of the content, so the browser can cache them.

import { pauseAfter } from "./retry.js";

const ATTEMPTS = 8; // half a minute in all

/** A module; if it cannot be loaded, the page tries again after a pause. */
async function importModule(address, attempts = 0) {
  try {
    // A browser may remember that an address could not be loaded. With another fragment it is another address to it.
    return await import(attempts ? `${address}#${attempts}` : address);
  } catch (error) {
    if (attempts + 1 === ATTEMPTS) throw error;
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(attempts)));
    return importModule(address, attempts + 1);
  }
}

/** Load the modules that a frame names; `addresses` are those of the modules, for a worker. */
export async function loadKernels(frame) {
  const names = ["without", "with", "outcome", "curvature", "bias"].filter((name) => name in frame);
  // Relative to the page: an import would resolve them against this file, and a worker against its own.
  const urls = names.map((name) => new URL(frame[name].url, document.baseURI).href);
  const modules = await Promise.all(urls.map((url) => importModule(url)));
  const addresses = Object.fromEntries(names.map((name, k) => [name, urls[k]]));
  return { addresses, ...Object.fromEntries(names.map((name, k) => [name, modules[k]])) };
}
