// Receivers: write the frames of each kind to the store.

import { kernelAddresses, loadKernels } from "./kernels.js";
import { signature } from "../state/scene/dependencies.js";
import { keepMinima } from "../state/scene/found_minima.js";
import { onServer } from "../state/scene/lookup.js";
import { pictureOf, reliefOf, withMinima } from "../state/runs/pictures.js";
import { withRows } from "../state/runs/training.js";

const FINE = 33; // columns from which a network's surface is drawn as a relief too

/** A relief from a network's surface, if it is fine enough, or if the page still shows the relief of another plane. */
function reliefFor(picture, shown, scene) {
  const wanted = picture.columns >= FINE || shown?.slice !== picture.slice;
  return picture.kind === "surface" && onServer(scene) && wanted ? { relief: reliefOf(picture) } : {};
}

/** Load a frame's kernels and store them, unless the Scene needs other kernels by the time they are loaded. */
function keepKernels(store, say, patch) {
  return (frame, scene) => {
    if (frame.reason) return say([frame.reason]);
    const own = signature(frame.kind, scene);
    const keep = (kernels) => {
      if (own === signature(frame.kind, store.get().scene)) store.set(patch(kernels, own));
    };
    loadKernels(frame).then(keep, (error) => say([String(error.message)]));
  };
}

/** Store the addresses of a sweep's kernels: workers load them. Without kernels the server computes outcome maps. */
function keepSweepKernels(store) {
  return (frame, scene) => {
    if (frame.reason) return store.set({ mapsOnServer: true });
    const sweepKernels = kernelAddresses(frame, ["without", "with"]);
    store.set({ sweepKernels, sweepKernelsFor: signature(frame.kind, scene) });
  };
}

/** Receivers of what the browser computes with. */
function kernelReceivers(store, say) {
  const keepBias = keepKernels(store, say, ({ bias }, biasFor) => ({ bias, biasFor }));
  return {
    kernel: keepKernels(store, say, (kernels, kernelsFor) => ({ kernels, kernelsFor })),
    sweep_kernel: keepSweepKernels(store),
    curvature: keepKernels(store, say, ({ curvature }, curvatureFor) => ({ curvature, curvatureFor })),
    // Without a kernel, the frame itself contains the vectors at the start, or the reason why there are none.
    bias: (frame, scene) =>
      frame.bias ? keepBias(frame, scene) : store.set({ bias: frame, biasFor: signature("bias", scene) }),
  };
}

/** Receivers of surfaces, reliefs and outcome maps. */
function pictureReceivers(store) {
  function keepPicture(frame, scene) {
    const picture = pictureOf(scene, frame);
    const { [frame.kind]: shown, relief } = store.get();
    // The server sends cached frames first, so a coarse picture may follow a fine one.
    if (shown?.signature === picture.signature && shown.loss.length > frame.loss.length) return;
    store.set({ [frame.kind]: picture, progress: null, ...reliefFor(picture, relief, scene) });
  }

  function keepOutcomes(frame, scene) {
    const { outcomes } = store.get();
    const own = signature(frame.kind, scene);
    // While a slider moves, the page shows the newest map, even if the Scene has changed since.
    if (outcomes?.signature === own && outcomes.columns > frame.columns) return;
    store.set({ outcomes: { ...frame, signature: own } });
  }

  function receiveMinima(frame, scene) {
    keepMinima(scene.landscape, frame);
    const { scene: now, surface } = store.get();
    store.set({ minima: frame, surface: withMinima(surface, now) });
  }

  return {
    surface: keepPicture,
    relief: keepPicture,
    minima: receiveMinima,
    outcomes: keepOutcomes,
    sweep: keepOutcomes,
  };
}

/** Receivers of what only a recurrent network has. */
function networkReceivers(store) {
  function keepTraining(frame, scene) {
    const training = withRows(store.get().training, scene, frame);
    store.set({ training, ...(training.done === training.total && { trainingStatus: "" }) });
  }

  return {
    slice: (frame, scene) => store.set({ slice: { ...frame, signature: signature("slice", scene) }, progress: null }),
    gradient_flow: (frame) => store.set({ gradientFlow: frame }),
    training: keepTraining,
    projection: (frame, scene) =>
      store.set({ projection: { ...frame, signature: signature("projection", scene) }, progress: null }),
  };
}

/** @param {{store: any, say: (sentences: string[]) => void, refuse: (errors: any[], detail: string) => void}} page */
export function receivers({ store, say, refuse }) {
  return {
    ...kernelReceivers(store, say),
    ...pictureReceivers(store),
    ...networkReceivers(store),
    pair: (frame, scene) => {
      const [slice, own] = ["slice", "pair"].map((kind) => signature(kind, scene));
      store.set({ pair: { ...frame, slice, signature: own } });
    },
    study: (frame, scene) => store.set({ study: { ...frame, landscape: scene.landscape.kind } }),
    progress: (frame) => store.set({ progress: frame }),
    error: (frame) => refuse(frame.errors, frame.detail),
  };
}
