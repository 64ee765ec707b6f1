// Requests: asks the server for the frames that the Scene needs and the page does not have. The catalogue's table of
// frame kinds decides which: a kind is missing while its signature differs from that of the last completed request.

import { frameLine } from "./frame_line.js";
import { receivers } from "./receivers.js";
import { catalogue } from "../state/scene/catalogue.js";
import { signature } from "../state/scene/dependencies.js";
import { onChange } from "../state/store.js";
import { runStatus } from "../state/runs/training.js";

const LIVE = 65; // cells per side of a map that is fine enough while a slider moves

// Kinds that share a line are sent in one request, cheapest first. Separate lines keep a slow kind from delaying the
// others. A newer request aborts an older one as frame_line.js describes.
/** @type {Record<string, {kinds: string[], patience?: number, enough?: (frame: any) => boolean, quiet?: boolean}>} */
const LINES = {
  pictures: { kinds: ["kernel", "curvature", "slice", "surface", "relief"] },
  descents: { kinds: ["pair", "gradient_flow"], patience: 400 },
  bias: { kinds: ["bias"], patience: 400 },
  study: { kinds: ["study"] },
  projection: { kinds: ["projection"] },
  // These show their progress by the size of their cells.
  outcomes: { kinds: ["outcomes", "sweep"], patience: 200, enough: (frame) => frame.columns >= LIVE, quiet: true },
};

// Kinds that the page shows in the same place.
const SAME_PLACE = [["outcomes", "sweep"]];

// When the page shows a kind; kinds that are not listed are always shown.
const LOOKED_AT = {
  gradient_flow: (state) => !state.dragging,
  study: (state) => state.studyOpen && !state.dragging,
  projection: (state) => state.scene.path === "projection" && runStatus(state) === "done",
  outcomes: (state) => state.scene.map === "outcomes",
  sweep: (state) => state.scene.map === "sweep",
};

/** The signature of a kind if the page shows it in this state, else empty. */
function wanted(kind, state) {
  return (LOOKED_AT[kind]?.(state) ?? true) ? signature(kind, state.scene) : "";
}

/** Request the missing kinds of a line whenever the state changes; `changed` is called when the signatures have. */
function keepUp(store, line, kinds, changed) {
  return onChange(
    (state) => kinds.map((kind) => wanted(kind, state)),
    (state, before) => {
      const { scene, complete } = state;
      changed?.(before);
      const missing = kinds.filter((kind) => wanted(kind, state) && complete[kind] !== wanted(kind, state));
      // A request in flight is for a Scene that the page no longer shows.
      if (!missing.length) return line.cancel();
      line.ask({ scene, kinds: missing, have: () => heldKeys(store.get(), scene, missing) });
    },
  );
}

/** Keys of the frames on the page that belong to the Scene: the server does not send them again. */
export function heldKeys({ keys }, scene, kinds) {
  return kinds.filter((kind) => keys[kind]?.signature === signature(kind, scene)).map((kind) => keys[kind].key);
}

/** Note that a frame replaces the one in the same place, which must be requested again if it is needed. */
function noteFrame(store, { kind, key, partial }, scene) {
  const own = signature(kind, scene);
  const { keys, complete } = store.get();
  const gone = SAME_PLACE.find((kinds) => kinds.includes(kind)) ?? [kind];
  const kept = Object.entries(complete).filter(
    ([name, known]) => !gone.includes(name) || (name === kind && known === own),
  );
  const held = partial ? {} : { keys: { ...keys, [kind]: { key, signature: own } } };
  store.set({ complete: Object.fromEntries(kept), ...held });
}

/** Note that all frames of a request have arrived: its kinds are complete. */
function noteEnd(store, { scene, kinds }) {
  const done = Object.fromEntries(kinds.map((kind) => [kind, signature(kind, scene)]));
  store.set({ complete: { ...store.get().complete, ...done } });
}

/** Show each error of a failed request at its field, and errors without a field above the page. */
function failures({ store, say, complain }) {
  function refuse(errors, detail) {
    store.set({ progress: null });
    if (errors?.length) say(complain(errors).map(({ message }) => message));
    else say([detail]);
  }
  const fail = ({ problem }) =>
    refuse(problem?.errors, problem?.detail ?? "The server cannot be reached. The page keeps its last results.");
  return { refuse, fail };
}

/** @param {{store: any, say: (sentences: string[]) => void, complain: (errors: any[]) => any[]}} page */
export function serverRequests({ store, say, complain }) {
  const { refuse, fail } = failures({ store, say, complain });
  const received = receivers({ store, say, refuse });

  function receive(frame, { scene }) {
    // Progress and errors are not frame kinds of the catalogue.
    if (catalogue.frames[frame.kind]) noteFrame(store, frame, scene);
    received[frame.kind](frame, scene);
  }

  /** @param {{patience?: number, enough?: (frame: any) => boolean, quiet?: boolean}} line */
  function lineOf({ patience = 0, enough, quiet }) {
    const hear = (frame, request) => (quiet && frame.kind === "progress") || receive(frame, request);
    return frameLine(hear, fail, patience, enough, (request) => noteEnd(store, request));
  }

  /** Another picture is needed, so messages about the last one no longer apply. */
  function turnPage(before) {
    if (before.length) say([]);
    if (store.get().stopped) store.set({ stopped: false });
  }

  const lines = Object.fromEntries(Object.entries(LINES).map(([name, line]) => [name, lineOf(line)]));
  const keepers = Object.entries(LINES).map(([name, { kinds }]) =>
    keepUp(store, lines[name], kinds, name === "pictures" ? turnPage : undefined),
  );
  const fetchMissing = (state) => keepers.forEach((keeper) => keeper(state));
  return { receive, fail, pictures: lines.pictures, fetchMissing };
}
