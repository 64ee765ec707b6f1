// Training: asks for a run on command, and goes on with it after a reload.

import { frameLine } from "./frame_line.js";
import { signature } from "../state/scene/dependencies.js";
import { onServer } from "../state/scene/lookup.js";
import { runStatus } from "../state/runs/training.js";
import { onChange } from "../state/store.js";

// The run that this tab trains, so that it goes on after a reload.
const RUN = "cliffscape-run";

function remember(scene) {
  sessionStorage.setItem(RUN, signature("training", scene));
}

function remembered(scene) {
  return sessionStorage.getItem(RUN) === signature("training", scene);
}

/** The line of the run: every part that comes is remembered, and a failure pauses the run. */
function trainingLine({ store, receive, fail }) {
  function failTraining(error) {
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

  /** Train, or go on with the run that the server has kept; a run that is whole is not asked for again. */
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
    sessionStorage.removeItem(RUN);
  }

  /** Another run is wanted by now: the server keeps the one under way. */
  const fetchMissing = onChange(
    ({ scene }) => [signature("training", scene)],
    ({ scene, trainingStatus }, [before]) => {
      if (before !== undefined && trainingStatus === "running") pause();
      // After a reload, a run goes on, or is there again if it had come to its end.
      if (before === undefined && onServer(scene) && remembered(scene)) train();
    },
  );

  function discard() {
    pause();
    store.set({ training: null, trainingStatus: "" });
  }

  return { train, pause, discard, fetchMissing };
}
