// Training: requests a training run when the user starts it, and resumes it after a reload.

import { frameLine } from "./frame_line.js";
import { signature } from "../state/scene/dependencies.js";
import { onServer } from "../state/scene/lookup.js";
import { runStatus } from "../state/runs/training.js";
import { onChange } from "../state/store.js";

// The key under which this tab stores the signature of the run that it trains. Other tabs may train other runs.
const RUN = "cliffscape-run";

/** Use the tab's storage, which browsers may forbid in a frame. Then a reload does not resume the run. */
function withStorage(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

function remember(scene) {
  withStorage((storage) => storage.setItem(RUN, signature("training", scene)));
}

function wasTraining(scene) {
  return withStorage((storage) => storage.getItem(RUN)) === signature("training", scene);
}

/** The line for a training run: the tab stores which run sends frames, and a failure pauses the run. */
function trainingLine({ store, receive, fail }) {
  function failTraining(error) {
    // The updates so far stay on the page, and the user can resume the run.
    store.set({ trainingStatus: store.get().training ? "paused" : "" });
    fail(error);
  }

  function keep(frame, request) {
    receive(frame, request);
    if (frame.kind === "training") remember(request.scene);
  }

  return frameLine(keep, failTraining);
}

/** @param {{store: any, receive: (frame: any, request: any) => void, fail: (error: any) => void}} page */
export function trainingRequests({ store, receive, fail }) {
  const runs = trainingLine({ store, receive, fail });

  /** Train, or resume the run that the server has stored; a complete run is not requested again. */
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
    // A reload must not resume a run that the user has paused.
    withStorage((storage) => storage.removeItem(RUN));
  }

  /** If the Scene changes to another run, pause this one. The server keeps the updates that it has computed. */
  const fetchMissing = onChange(
    ({ scene }) => [signature("training", scene)],
    ({ scene, trainingStatus }, [before]) => {
      if (before !== undefined && trainingStatus === "running") pause();
      // After a reload, an unfinished run is resumed, and a finished one is requested again to show it.
      if (before === undefined && onServer(scene) && wasTraining(scene)) train();
    },
  );

  function discard() {
    pause();
    store.set({ training: null, trainingStatus: "" });
  }

  return { train, pause, discard, fetchMissing };
}
