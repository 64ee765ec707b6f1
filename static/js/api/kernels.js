// Kernels: modules traced from PyTorch. The address contains a hash of the content, so the browser can cache them.

import { pauseBefore } from "./retry.js";

const ATTEMPTS = 8; // half a minute in all

/** A module; if it cannot be loaded, the page tries again after a pause. */
export async function importModule(address, attempts = 0) {
  try {
    // A browser may remember that an address could not be loaded. With another fragment it is another address to it.
    return await import(attempts ? `${address}#${attempts}` : address);
  } catch (error) {
    if (attempts + 1 === ATTEMPTS) throw error;
    await pauseBefore(attempts);
    return importModule(address, attempts + 1);
  }
}

/** The modules at named addresses, by name. */
export async function importModules(addresses) {
  const loaded = Object.entries(addresses).map(async ([name, address]) => [name, await importModule(address)]);
  return Object.fromEntries(await Promise.all(loaded));
}

/**
 * Addresses of the kernels that a frame names. They are relative to the page: an import would resolve them against its
 * own file, and a worker against its own.
 */
export function kernelAddresses(frame, names) {
  const known = names.filter((name) => name in frame);
  return Object.fromEntries(known.map((name) => [name, new URL(frame[name].url, document.baseURI).href]));
}

/** Load the modules that a frame names; `addresses` are those of the modules, for a worker. */
export async function loadKernels(frame) {
  const addresses = kernelAddresses(frame, ["without", "with", "outcome", "curvature", "bias"]);
  return { addresses, ...(await importModules(addresses)) };
}
