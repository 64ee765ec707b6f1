// Embedded frames: the frames of a page of its own. Kernels are in the file, and surfaces are computed by one of them,
// so nothing is requested from a server.

import { importModule } from "../kernels.js";
import { receivers } from "../receivers.js";
import { signature } from "../../state/scene/dependencies.js";
import { keepMinima } from "../../state/scene/found_minima.js";
import { onChange } from "../../state/store.js";
import { reliefKeeper } from "./embedded_relief.js";
import { runInPieces } from "./pieces.js";
import { surfaceGrid } from "./surface_grid.js";

const SIDES = [65, 257]; // points per side, coarse to fine
const NO_MINIMA = new Float64Array(0);

/** Compute the surface of the Scene whenever its signature changes. */
function surfaceKeeper(store, { kernel, minima, local_minima, solved, scene: first }, receive) {
  const known = JSON.stringify(first.landscape);
  const numbers = { minima, local_minima };

  /** The minima in the file are those of the values that the landscape had. */
  function minimaNow({ landscape }) {
    const asKnown = JSON.stringify(landscape) === known;
    const of = (name) => (asKnown ? Float64Array.from(numbers[name].flat()) : NO_MINIMA);
    const found = { minima: of("minima"), local_minima: of("local_minima") };
    // Without a server, those of a formula with other values are not searched for.
    if (landscape.text !== undefined)
      keepMinima(landscape, { ...found, solved: asKnown ? solved : null, searched: asKnown });
    return found;
  }

  async function compute(scene) {
    const own = signature("surface", scene);
    const minima = minimaNow(scene);
    const wanted = () => signature("surface", store.get().scene) === own;
    const module = await importModule(kernel);
    for (const side of SIDES) {
      const frame = await runInPieces(surfaceGrid(module, scene, side), wanted);
      if (!frame) return;
      receive({ ...frame, key: `${side} ${own}`, ...minima }, scene);
    }
  }

  return onChange(
    ({ scene }) => [signature("surface", scene)],
    ({ scene }) => void compute(scene),
  );
}

/**
 * `receive` takes a frame and `{scene}`, as that of api/requests.js does. `frames` are those of the file, and `surface`
 * is the address of the kernel with the minima of the landscape. `relief` is a frame, or empty in a file without it.
 * @param {{store: any, say: (sentences: string[]) => void, frames: any[], relief: string,
 *   surface: {kernel: string, minima: number[][], local_minima: number[][], solved: number | null}}} page
 */
export function embeddedFrames({ store, say, frames, surface, relief }) {
  const received = receivers({ store, say, refuse: (errors, detail) => say([detail]) });
  const { scene } = store.get();
  for (const frame of frames) received[frame.kind](frame, scene);
  const keepers = [surfaceKeeper(store, { ...surface, scene }, received.surface)];
  if (relief) keepers.push(reliefKeeper(store, { kernel: surface.kernel, relief }, received.relief));
  return {
    receive: (frame, request) => received[frame.kind](frame, request.scene),
    fetchMissing: (state) => keepers.forEach((keeper) => keeper(state)),
  };
}
