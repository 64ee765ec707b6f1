// Requests: asks the server for the frames that the Scene needs and the page does not have. The catalogue's table of
// frame kinds decides which: a kind is missing while its signature differs from that of the last completed request.

import { frameLine } from "./frame_line.js";
import { receivers } from "./receivers.js";
import { connectionNotice } from "./retry.js";
import { catalogue } from "../state/scene/catalogue.js";
import { signature } from "../state/scene/dependencies.js";
import { isNetwork } from "../state/scene/lookup.js";
import {
  LIVE,
  PATIENCE,
  PROGRESS_AFTER,
  pageComputesMap,
  pageLevels,
  serverMapsMissing,
} from "../state/scene/map_levels.js";
import { hasPart } from "../state/presentation.js";
import { onChange } from "../state/store.js";
import { runStatus } from "../state/runs/training.js";

// When a newer request aborts an older one of the same line, as frame_line.js describes; other lines have no patience.
/** @type {Record<string, {patience?: number, enough?: (frame: any) => boolean, rest?: number}>} */
const LINES = {
  // The search takes seconds, so it waits until a slider has come to rest, in milliseconds.
  minima: { rest: 250 },
  descents: { patience: 400 },
  bias: { patience: 400 },
  outcomes: { patience: PATIENCE, enough: (frame) => frame.columns >= LIVE },
};

// When the page shows a kind, if it shows the kind only in some states.
const SHOWN_WHEN = {
  // The lens shows the clipped minibatches too.
  bias: ({ open }) => open.minibatches || open["this-step"],
  gradient_flow: (state) => state.open.wall && !state.dragging,
  study: (state) => state.studyOpen && !state.dragging,
  relief: () => hasPart("relief"),
  sweep_kernel: pageComputesMap,
  // The run that somebody has recorded of a model is always shown.
  projection: (state) => !isNetwork(state.scene) || (state.scene.path === "projection" && runStatus(state) === "done"),
};

/** Kinds that the page can receive, by the line in which they are requested. Kinds of no line have a button. */
export function kindsByLine(received) {
  /** @type {Record<string, string[]>} */
  const lines = {};
  for (const [kind, { line }] of Object.entries(catalogue.frames)) {
    if (line && received[kind]) (lines[line] ??= []).push(kind);
  }
  return lines;
}

/**
 * Whether the page needs a kind of the server in this state. Of the tables, it shows the one that the Scene's map names,
 * and may compute it itself.
 */
function isNeeded(kind, state) {
  const { table } = catalogue.frames[kind];
  return table ? state.scene.map === kind && serverMapsMissing(state) : (SHOWN_WHEN[kind]?.(state) ?? true);
}

/** The signature of a kind if the page needs it in this state, else empty. */
function neededSignature(kind, state) {
  return isNeeded(kind, state) ? signature(kind, state.scene) : "";
}

/**
 * Request the missing kinds of a line whenever the state changes, after a `rest` without another change; `changed` is called
 * when the signatures have.
 * @param {{changed?: (before: any) => void, rest?: number}} rules
 */
function keepUp(store, line, kinds, rules) {
  const { changed, rest = 0 } = rules;
  let timer = 0;
  return onChange(
    (state) => kinds.map((kind) => neededSignature(kind, state)),
    (state, before) => {
      const { scene, complete } = state;
      changed?.(before);
      clearTimeout(timer);
      const missing = kinds.filter(
        (kind) => neededSignature(kind, state) && complete[kind] !== neededSignature(kind, state),
      );
      // A request in flight is for a Scene that the page no longer shows.
      if (!missing.length) return line.cancel();
      const have = () => heldKeys(store.get(), scene, missing);
      const finer = pageLevels(state, missing);
      const ask = () => line.ask({ scene, kinds: missing, have, finer_than: finer, asked: performance.now() });
      if (rest) timer = window.setTimeout(ask, rest);
      else ask();
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
  // All tables are shown in one place.
  const { table } = catalogue.frames[kind];
  const inPlace = (name) => name === kind || (table && catalogue.frames[name].table);
  const stays = (name, known) => !inPlace(name) || (name === kind && known === own);
  const kept = Object.entries(complete).filter(([name, known]) => stays(name, known));
  // A frame that is no longer shown must be sent again.
  const held = Object.fromEntries(Object.entries(keys).filter(([name, known]) => stays(name, known.signature)));
  if (!partial) held[kind] = { key, signature: own };
  store.set({ complete: Object.fromEntries(kept), keys: held });
}

/** Note that all frames of a request have arrived: its kinds are complete. */
function noteEnd(store, { scene, kinds }) {
  const done = Object.fromEntries(kinds.map((kind) => [kind, signature(kind, scene)]));
  store.set({ complete: { ...store.get().complete, ...done } });
}

/** Show how far an outcome map is, once it has taken a while. */
function showMapProgress(store, frame, { scene, asked }) {
  if (performance.now() - asked < PROGRESS_AFTER) return;
  store.set({ mapProgress: { ...frame, signature: signature(scene.map, scene) } });
}

/** Show each error of a failed request at its field, and errors without a field above the page. */
function failures({ store, say, complain }) {
  function refuse(errors, detail) {
    store.set({ progress: null, mapProgress: null });
    if (errors?.length) say(complain(errors).map(({ message }) => message));
    else say([detail]);
  }
  const fail = ({ problem, message }) =>
    refuse(problem?.errors, problem?.detail ?? `The server's answer cannot be read: ${message}`);
  return { refuse, fail };
}

/** @param {{store: any, say: (sentences: string[]) => void, complain: (errors: any[]) => any[]}} page */
export function serverRequests({ store, say, complain }) {
  const { refuse, fail } = failures({ store, say, complain });
  const received = receivers({ store, say, refuse });
  const connection = connectionNotice(say);

  function receive(frame, { scene }) {
    // Progress and errors are not frame kinds of the catalogue.
    if (catalogue.frames[frame.kind]) noteFrame(store, frame, scene);
    received[frame.kind](frame, scene);
  }

  function lineOf(name) {
    const { rest, ...rules } = LINES[name] ?? {};
    const maps = name === "outcomes";
    const hear = (frame, request) =>
      maps && frame.kind === "progress" ? showMapProgress(store, frame, request) : receive(frame, request);
    const finish = (request) => {
      noteEnd(store, request);
      if (maps) store.set({ mapProgress: null });
    };
    return frameLine(name, { receive: hear, fail, finish, ...rules, ...connection(name) });
  }

  /** Another picture is needed, so messages about the last one no longer apply. */
  function turnPage(before) {
    if (before.length) say([]);
    if (store.get().stopped) store.set({ stopped: false });
  }

  const kinds = kindsByLine(received);
  const lines = Object.fromEntries(Object.keys(kinds).map((name) => [name, lineOf(name)]));
  const keepers = Object.entries(lines).map(([name, line]) =>
    keepUp(store, line, kinds[name], { ...LINES[name], changed: name === "pictures" ? turnPage : undefined }),
  );
  const fetchMissing = (state) => keepers.forEach((keeper) => keeper(state));
  return { receive, fail, connection, pictures: lines.pictures, fetchMissing };
}
