// Receivers: what the page keeps of each kind of frame.

import { loadKernels } from "./kernels.js";
import { signature } from "../state/scene/dependencies.js";
import { onServer } from "../state/scene/lookup.js";
import { pictureOf, reliefOf } from "../state/runs/pictures.js";
import { grown } from "../state/runs/training.js";

const FINE = 33; // columns from which a network's surface is drawn as a relief too

/** A relief made of a network's surface, where the picture is fine enough or the relief on the page is another plane's. */
function reliefFor(picture, shown, scene) {
  const wanted = picture.columns >= FINE || shown?.slice !== picture.slice;
  return picture.kind === "surface" && onServer(scene) && wanted ? { relief: reliefOf(picture) } : {};
}

/** @param {{store: any, say: (sentences: string[]) => void, refuse: (errors: any[], detail: string) => void}} page */
export function receivers({ store, say, refuse }) {
  /** Load a frame's kernels and keep them, unless others are wanted by the time they are there. */
  function keepKernels(patch) {
    return (frame, scene) => {
      if (frame.reason && frame.kind !== "bias") return say([frame.reason]);
      const own = signature(frame.kind, scene);
      const keep = (kernels) => {
        if (own === signature(frame.kind, store.get().scene)) store.set(patch(kernels, own));
      };
      loadKernels(frame).then(keep, (error) => say([String(error.message)]));
    };
  }

  function keepPicture(frame, scene) {
    const picture = pictureOf(scene, frame);
    const { [frame.kind]: shown, relief } = store.get();
    // The server sends what it holds first, so a coarse picture may follow a fine one.
    if (shown?.signature === picture.signature && shown.loss.length > frame.loss.length) return;
    store.set({ [frame.kind]: picture, progress: null, ...reliefFor(picture, relief, scene) });
  }

  function keepOutcomes(frame, scene) {
    const { outcomes } = store.get();
    const own = signature(frame.kind, scene);
    // While a slider moves, the newest map there is is shown, though it is one of a moment ago.
    if (outcomes?.signature === own && outcomes.columns > frame.columns) return;
    store.set({ outcomes: { ...frame, signature: own } });
  }

  const keepBias = keepKernels((kernels, biasFor) => ({ bias: kernels.bias, biasFor }));

  return {
    kernel: keepKernels((kernels, kernelsFor) => ({ kernels, kernelsFor })),
    curvature: keepKernels((kernels, curvatureFor) => ({ curvature: kernels.curvature, curvatureFor })),
    bias: (frame, scene) =>
      frame.bias ? keepBias(frame, scene) : store.set({ bias: frame, biasFor: signature("bias", scene) }),
    surface: keepPicture,
    relief: keepPicture,
    pair: (frame, scene) =>
      store.set({ pair: { ...frame, slice: signature("slice", scene), signature: signature("pair", scene) } }),
    slice: (frame, scene) => store.set({ slice: { ...frame, signature: signature("slice", scene) }, progress: null }),
    gradient_flow: (frame) => store.set({ flow: frame }),
    study: (frame, scene) => store.set({ study: { ...frame, landscape: scene.landscape.kind } }),
    training: (frame, scene) => {
      const training = grown(store.get().training, scene, frame);
      store.set({ training, ...(training.done === training.total && { trainingStatus: "" }) });
    },
    projection: (frame, scene) =>
      store.set({ projection: { ...frame, signature: signature("projection", scene) }, progress: null }),
    outcomes: keepOutcomes,
    sweep: keepOutcomes,
    progress: (frame) => store.set({ progress: frame }),
    error: (frame) => refuse(frame.errors, frame.detail),
  };
}
