// Embedded frames: the frames of a page of its own. Kernels are in the file, and surfaces are computed by one of them,
// so nothing is requested from a server.

import { importModule } from "../kernels.js";
import { receivers } from "../receivers.js";
import { surfaceGrid } from "./surface_grid.js";
import { signature } from "../../state/scene/dependencies.js";
import { onChange } from "../../state/store.js";

const SIDES = [65, 257]; // points per side, coarse to fine
const PIECE = 10; // milliseconds of work between two looks at the input
const NO_MINIMA = new Float64Array(0);

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/** The result of a generator, run in pieces; undefined if it is no longer `wanted()`. */
async function runInPieces(work, wanted) {
  let until = performance.now() + PIECE;
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value;
    if (performance.now() < until) continue;
    await nextTask();
    if (!wanted()) return undefined;
    until = performance.now() + PIECE;
  }
}

/** Compute the surface of the Scene whenever its signature changes. */
function surfaceKeeper(store, { kernel, minima, scene: first }, receive) {
  const known = JSON.stringify(first.landscape);

  /** The minima in the file are those of the values that the landscape had. */
  const minimaOf = ({ landscape }) =>
    JSON.stringify(landscape) === known ? Float64Array.from(minima.flat()) : NO_MINIMA;

  async function compute(scene) {
    const own = signature("surface", scene);
    const wanted = () => signature("surface", store.get().scene) === own;
    const module = await importModule(kernel);
    for (const side of SIDES) {
      const frame = await runInPieces(surfaceGrid(module, scene, side), wanted);
      if (!frame) return;
      receive({ ...frame, key: `${side} ${own}`, minima: minimaOf(scene) }, scene);
    }
  }

  return onChange(
    ({ scene }) => [signature("surface", scene)],
    ({ scene }) => void compute(scene),
  );
}

/**
 * `receive` takes a frame and `{scene}`, as that of api/requests.js does. `frames` are those of the file, and `surface`
 * is the address of the kernel with the minima of the landscape.
 * @param {{store: any, say: (sentences: string[]) => void, frames: any[],
 *   surface: {kernel: string, minima: number[][]}}} page
 */
export function embeddedFrames({ store, say, frames, surface }) {
  const received = receivers({ store, say, refuse: (errors, detail) => say([detail]) });
  const { scene } = store.get();
  for (const frame of frames) received[frame.kind](frame, scene);
  return {
    receive: (frame, request) => received[frame.kind](frame, request.scene),
    fetchMissing: surfaceKeeper(store, { ...surface, scene }, received.surface),
  };
}
