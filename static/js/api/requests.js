// Requests: what the Scene needs and the page does not hold, asked of the server, and what becomes of the answers.

import { frameLine } from "./frames.js";
import { loadKernels } from "./kernels.js";
import { biasRequest } from "./clipping_bias.js";
import { missingPictures, pictureOf, reliefOf, pairOf } from "../state/runs/pictures.js";
import {
  curvatureSignature,
  kernelSignature,
  noKernel,
  onServer,
  sliceSignature,
  studyOf,
  studySignature,
  surfaceOf,
  surfaceSignature,
  pairSignature,
} from "../state/scene/scene.js";
import { onChange } from "../state/store.js";
import { grown, projectionSignature, runStatus, trainingSignature } from "../state/runs/training.js";

const PATIENCE = 400; // milliseconds that a descent on the server may take before a newer start ends it
const FINE = 33; // columns from which a net's surface is drawn as a relief too

/** @param {{catalogue: any, store: any, say: (sentences: string[]) => void, complain: (errors: any[]) => any[]}} page */
export function serverRequests({ catalogue, store, say, complain }) {
  async function receiveKernels(frame, scene) {
    if (frame.reason) return say([frame.reason]);
    const kernels = await loadKernels(frame);
    const signatureOf = frame.kind === "kernel" ? kernelSignature : curvatureSignature;
    const signature = signatureOf(catalogue, scene);
    // Modules that load late must not take the place of those that are wanted by now.
    if (signature !== signatureOf(catalogue, store.get().scene)) return;
    if (frame.kind === "kernel") store.set({ kernels, kernelsFor: signature });
    else store.set({ curvature: kernels.curvature, curvatureFor: signature });
  }

  function receivePicture(frame, scene) {
    const picture = pictureOf(catalogue, scene, frame);
    const shown = store.get()[frame.kind];
    // What the server holds comes first, so a coarse picture may follow a fine one.
    if (shown?.signature === picture.signature && shown.loss.length > frame.loss.length) return;
    store.set({ [frame.kind]: picture, progress: null });
    if (frame.kind === "surface" && onServer(catalogue, scene) && frame.columns >= FINE)
      store.set({ relief: reliefOf(picture) });
  }

  function receiveTraining(frame, scene) {
    const training = grown(store.get().training, scene, frame);
    store.set({ training, ...(training.done === training.total && { trainingStatus: "" }) });
    remember(scene);
  }

  const handlers = {
    surface: receivePicture,
    relief: receivePicture,
    pair: (frame, scene) => store.set({ pair: pairOf(catalogue, scene, frame) }),
    slice: (frame, scene) => store.set({ slice: { ...frame, signature: sliceSignature(scene) }, progress: null }),
    flow: (frame) => store.set({ flow: frame }),
    study: (frame, scene) => store.set({ study: { ...frame, landscape: scene.landscape.kind } }),
    bias: (frame, scene) => bias.receive(frame, scene),
    progress: (frame) => store.set({ progress: frame }),
    training: receiveTraining,
    projection: (frame, scene) =>
      store.set({ projection: { ...frame, signature: projectionSignature(scene) }, progress: null }),
    error: (frame) => refuse(frame.errors, frame.detail),
  };

  function receive(frame, { scene }) {
    if (frame.kind === "kernel" || frame.kind === "curvature")
      receiveKernels(frame, scene).catch((error) => say([String(error.message)]));
    else handlers[frame.kind]?.(frame, scene);
  }

  /** Sentences beside the fields that are at fault, and above the page where there is none. */
  function refuse(errors, detail) {
    store.set({ progress: null });
    if (errors?.length) say(complain(errors).map(({ message }) => message));
    else say([detail]);
  }

  function fail({ problem }) {
    refuse(problem?.errors, problem?.detail ?? "The server cannot be reached; what is on the page stays.");
  }

  const pictures = frameLine(receive, fail);
  const descents = frameLine(receive, fail, PATIENCE);
  const bias = biasRequest({ catalogue, store, say, line: frameLine(receive, fail, PATIENCE) });

  const runs = frameLine(receive, failTraining);
  const projections = frameLine(receive, fail);
  const studies = frameLine(receive, fail);

  function failTraining(error) {
    store.set({ trainingStatus: store.get().training ? "paused" : "" });
    fail(error);
  }

  /** Train, or go on with the run that the server has kept; of one that is whole there is nothing to ask. */
  function train() {
    const { scene } = store.get();
    if (runStatus(store.get()) === "done") return;
    store.set({ trainingStatus: "running" });
    remember(scene);
    runs.ask({ scene, have: () => [], kinds: ["training"] });
  }

  function pause() {
    runs.cancel();
    store.set({ trainingStatus: "paused" });
    forget();
  }

  /** Another run is wanted by now: the one under way rests on the server. */
  const leaveRuns = onChange(
    ({ scene }) => [trainingSignature(scene), onServer(catalogue, scene)],
    ({ scene, trainingStatus }, [before]) => {
      if (before && trainingStatus === "running") pause();
      // After a reload, a run goes on, or is there again if it had come to its end.
      if (!before && onServer(catalogue, scene) && remembered(scene)) train();
    },
  );

  const fetchProjection = onChange(
    (state) => [state.scene.path, projectionSignature(state.scene), runStatus(state)],
    (state) => {
      const { scene, projection } = state;
      if (scene.path !== "projection" || runStatus(state) !== "done" || !onServer(catalogue, scene)) return;
      if (projection?.signature !== projectionSignature(scene))
        projections.ask({ scene, have: () => [], kinds: ["projection"] });
    },
  );

  /** Pictures and kernels that the Scene needs and the page does not hold. */
  const fetchPictures = onChange(
    ({ scene }) => [surfaceSignature(catalogue, scene), kernelSignature(catalogue, scene)],
    (state, [surfaceBefore]) => {
      const { scene } = state;
      const surface = surfaceSignature(catalogue, scene);
      const kinds = missingPictures(catalogue, state, surface !== surfaceBefore);
      if (state.kernelsFor !== kernelSignature(catalogue, scene)) kinds.push("kernel");
      const remote = onServer(catalogue, scene);
      if (!surfaceOf(catalogue, scene).no_kernel && state.curvatureFor !== curvatureSignature(catalogue, scene))
        kinds.push("curvature");
      // Looked up when the request leaves: until then, frames of an older request may come in.
      const have = () => {
        // A net's relief is its surface's grid: held as a relief alone, the map still wants it.
        const held = (remote ? ["surface"] : ["surface", "relief"]).map((kind) => store.get()[kind]);
        return held.filter((frame) => frame?.signature === surface).map(({ key }) => key);
      };
      if (surfaceBefore) say([]);
      if (state.stopped) store.set({ stopped: false });
      if (kinds.length) pictures.ask({ scene, have, kinds });
    },
  );

  /** Take up the surface that was cancelled; what the server has of it comes first. */
  function goOn() {
    const { scene, surface } = store.get();
    store.set({ stopped: false });
    pictures.ask({ scene, have: () => (surface ? [surface.key] : []), kinds: ["slice", "surface"] });
  }

  /** Both runs from the server where the browser has no kernel; what happens inside a net once the hand is off. */
  const fetchDescents = onChange(
    ({ scene, dragging }) => (noKernel(catalogue, scene) ? [pairSignature(catalogue, scene), dragging] : []),
    (state) => {
      const { scene, dragging, pair, flow } = state;
      if (!noKernel(catalogue, scene)) return descents.cancel();
      const kinds = pair?.signature === pairSignature(catalogue, scene) && whole(pair, scene) ? [] : ["pair"];
      if (!dragging && onServer(catalogue, scene)) kinds.push("flow");
      if (kinds.length) descents.ask({ scene, have: () => (flow ? [flow.key] : []), kinds });
    },
  );

  /** What else there is to see, where it is looked at and the hand is off. */
  const fetchStudy = onChange(
    ({ scene, studyOpen, dragging }) =>
      studyOpen && !dragging && studyOf(catalogue, scene) ? [studySignature(catalogue, scene)] : [],
    ({ scene, studyOpen, dragging, study }) => {
      const have = () => (study ? [study.key] : []);
      if (studyOpen && !dragging && studyOf(catalogue, scene)) studies.ask({ scene, have, kinds: ["study"] });
    },
  );

  return {
    receive,
    fail,
    train,
    pause,
    discard() {
      pause();
      store.set({ training: null, trainingStatus: "" });
    },
    goOn,
    cancel() {
      pictures.cancel();
      store.set({ stopped: true });
      const { scene, surface, relief } = store.get();
      // What there is of the picture is the relief's too, or that stays another net's.
      const coarse = onServer(catalogue, scene) && surface && relief?.signature !== surface.signature;
      store.set({ progress: null, ...(coarse && { relief: reliefOf(surface) }) });
    },
    fetchMissing(state) {
      fetchPictures(state);
      fetchDescents(state);
      fetchStudy(state);
      bias.fetch(state);
      leaveRuns(state);
      fetchProjection(state);
    },
  };
}

/** Whether a descent has come to its end. */
function whole(pair, scene) {
  return pair.steps === scene.steps;
}

// The run that this tab was at, so that it goes on after a reload.
const RUN = "cliffscape-run";

function remember(scene) {
  sessionStorage.setItem(RUN, trainingSignature(scene));
}

function remembered(scene) {
  return sessionStorage.getItem(RUN) === trainingSignature(scene);
}

function forget() {
  sessionStorage.removeItem(RUN);
}
