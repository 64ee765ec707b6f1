// Training: requests a training run when the user starts it, and resumes it after a reload.

import { frameLine } from "./frame_line.js";
import { signature } from "../state/scene/dependencies.js";
import { isNetwork } from "../state/scene/lookup.js";
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

/** What the page says when a run goes on after the connection was lost: whether the server has kept the run. */
export function continuation(known, frame) {
  if (known.token === frame.token) {
    return `The server has kept the run, which goes on after update ${frame.updates.toLocaleString("en")}.`;
  }
  return "The server no longer has the run, so it is computed again from its seed. Its results are the same.";
}

/** The line for a training run: the tab stores which run sends frames, and a failure pauses the run. */
function trainingLine({ store, receive, fail, say, connection }) {
  // The run on the page when the connection was lost; null while it is not.
  let known = null;

  function failTraining(error) {
    // The updates so far stay on the page, and the user can resume the run.
    store.set({ trainingStatus: store.get().training ? "paused" : "" });
    fail(error);
  }

  function keep(frame, request) {
    if (frame.kind === "training") {
      // The last frame is that of the whole run, so nothing goes on.
      if (known && frame.partial) say([continuation(known, frame)]);
      known = null;
      remember(request.scene);
    }
    receive(frame, request);
  }

  function lost(error) {
    const { training } = store.get();
    known ??= training?.signature === signature("training", store.get().scene) ? training : null;
    notice.lost(error);
  }

  const notice = connection("training");
  return frameLine("training", { receive: keep, fail: failTraining, ...notice, lost });
}

/**
 * @param {{store: any, receive: (frame: any, request: any) => void, fail: (error: any) => void,
 *   say: (sentences: string[]) => void, connection: (line: string) => {lost: (error: any) => void, found: () => void}}}
 *   page
 */
export function trainingRequests(page) {
  const { store } = page;
  const runs = trainingLine(page);

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
      if (before === undefined && isNetwork(scene) && wasTraining(scene)) train();
    },
  );

  function discard() {
    pause();
    store.set({ training: null, trainingStatus: "" });
  }

  return { train, pause, discard, fetchMissing };
}
