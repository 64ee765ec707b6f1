// The request for the bias over minibatch size: a kernel, vectors at the start, or the reason why there are none.

import { loadKernels } from "./kernels.js";
import { biasSignature } from "../state/scene/scene.js";
import { onChange } from "../state/store.js";

/** @param {{catalogue: any, store: any, say: (sentences: string[]) => void, line: any}} page */
export function biasRequest({ catalogue, store, say, line }) {
  async function keep(frame, scene) {
    const { bias } = frame.bias ? await loadKernels(frame) : { bias: frame };
    const signature = biasSignature(catalogue, scene);
    // What comes late must not take the place of what is wanted by now.
    if (signature === biasSignature(catalogue, store.get().scene)) store.set({ bias, biasFor: signature });
  }

  return {
    receive: (frame, scene) => keep(frame, scene).catch((error) => say([String(error.message)])),
    fetch: onChange(
      ({ scene }) => [biasSignature(catalogue, scene)],
      ({ scene, biasFor }) => {
        const signature = biasSignature(catalogue, scene);
        if (signature && signature !== biasFor) line.ask({ scene, have: () => [], kinds: ["bias"] });
      },
    ),
  };
}
