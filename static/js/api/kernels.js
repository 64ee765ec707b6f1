// Kernels: modules traced from PyTorch. The address contains a hash of the content, so the browser can cache them.

/** Load the modules that a frame names; `addresses` are those of the modules, for a worker. */
export async function loadKernels(frame) {
  const names = ["without", "with", "outcome", "curvature", "bias"].filter((name) => name in frame);
  const modules = await Promise.all(names.map((name) => import(frame[name].url)));
  const addresses = Object.fromEntries(names.map((name) => [name, frame[name].url]));
  return { addresses, ...Object.fromEntries(names.map((name, k) => [name, modules[k]])) };
}
