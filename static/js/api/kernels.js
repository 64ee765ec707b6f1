// Kernels: modules traced from PyTorch. The address contains a hash of the content, so the browser can cache them.

/** Load the modules that a frame names; `addresses` are those of the modules, for a worker. */
export async function loadKernels(frame) {
  const names = ["without", "with", "outcome", "curvature", "bias"].filter((name) => name in frame);
  // Relative to the page: an import would resolve them against this file, and a worker against its own.
  const urls = names.map((name) => new URL(frame[name].url, document.baseURI).href);
  const modules = await Promise.all(urls.map((url) => import(url)));
  const addresses = Object.fromEntries(names.map((name, k) => [name, urls[k]]));
  return { addresses, ...Object.fromEntries(names.map((name, k) => [name, modules[k]])) };
}
