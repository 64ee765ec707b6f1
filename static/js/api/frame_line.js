// Frame line: sends requests to POST /frames, one at a time. Of the requests that wait, only the newest is sent. After a
// lost connection or a busy answer, the newest request is sent again after a pause.

import { readFrames } from "./frames.js";
import { answerError, PassingError, pauseAfter, untilLost } from "./retry.js";

// Milliseconds after which a request may be aborted although its surface has not started: before it, the server may
// have to train a network for minutes.
const START_LIMIT = 1000;
// Tells the server which requests come from this page: a newer one replaces an older one of the same line there too.
const CLIENT = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join(
  "",
);

async function post(line, { scene, have, kinds, finer_than }, signal) {
  const sent = fetch("frames", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scene, have: have(), kinds, finer_than, client: CLIENT, line }),
    signal,
  });
  const response = await untilLost(sent);
  if (!response.ok) throw await answerError(response);
  return response;
}

/** Note whether a request has failed, has shown something, or has shown enough, after one of its frames. */
function note(flight, frame, request, enough) {
  flight.failed ||= frame.kind === "error";
  // If the request is for a surface, other frames change too little on the page to count.
  flight.shown ||= frame.kind === "surface" || !request.kinds.includes("surface");
  flight.shown ||= frame.kind === "progress" && performance.now() - flight.began >= START_LIMIT;
  flight.sated ||= enough(frame);
}

/** A pause that grows from one failure to the next; `wake` is called at its end. */
function growingPause(wake) {
  let attempts = 0;
  let timer = 0;
  return {
    begin: () =>
      (timer = setTimeout(() => {
        timer = 0;
        wake();
      }, pauseAfter(attempts++))),
    end() {
      clearTimeout(timer);
      timer = attempts = 0;
    },
    running: () => timer !== 0,
  };
}

/** Whether the request in flight may be aborted for the one that waits. */
function isSpent({ patience }, { shown, sated, began }) {
  return shown && (sated || performance.now() - began >= patience);
}

function sendWaiting(line) {
  const next = line.waiting;
  line.waiting = null;
  if (next) send(line, next);
}

function take(line, frame, request, flight) {
  if (frame.kind === "error" && frame.again) throw new PassingError(frame.detail);
  line.pause.end();
  line.receive(frame, request);
  note(flight, frame, request, line.enough);
  if (line.waiting && isSpent(line, flight)) flight.controller.abort();
}

function onError(line, error, request, flight) {
  // This page aborted the request itself, so there is nothing to report.
  if (error.name === "AbortError") return;
  if (!(error instanceof PassingError)) return void line.fail(error, request);
  // A request that was given up needs no second attempt.
  if (!flight.controller.signal.aborted) line.waiting ??= request;
  line.lost(error);
  line.pause.begin();
}

async function send(line, request) {
  const began = performance.now();
  const flight = { controller: new AbortController(), shown: false, sated: false, failed: false, began };
  line.current = flight;
  try {
    const response = await post(line.name, request, flight.controller.signal);
    line.found();
    await readFrames(response, (frame) => take(line, frame, request, flight));
    line.pause.end();
    if (!flight.failed) line.finish(request);
  } catch (error) {
    onError(line, error, request, flight);
  }
  if (line.current === flight) line.current = null;
  if (!line.pause.running()) sendWaiting(line);
}

/**
 * A newer request aborts an older one only after the older one has shown something, and not within `patience`
 * milliseconds: otherwise a fast drag would never show a complete picture. Once a frame is `enough`, the request may be
 * aborted earlier. A request for a surface may also be aborted if the surface has not started within a second.
 *
 * `lost` is called when the page will try again after a pause, and `found` when it no longer has to. `fail` is called
 * with other errors, and `finish` when all frames of a request have arrived.
 * @param {string} name of the line
 * @param {{receive: (frame: any, request: any) => void, fail: (error: any, request: any) => void, patience?: number,
 *   enough?: (frame: any) => boolean, finish?: (request: any) => void, lost?: (error: any) => void,
 *   found?: () => void}} page
 */
export function frameLine(name, page) {
  const nothing = () => {};
  const rules = { patience: 0, enough: () => false, finish: nothing, lost: nothing, found: nothing };
  const line = { ...rules, ...page, name, current: null, waiting: null, pause: growingPause(() => sendWaiting(line)) };

  function ask(request) {
    if (!line.current && !line.pause.running()) return void send(line, request);
    line.waiting = request;
    if (line.current && isSpent(line, line.current)) line.current.controller.abort();
  }

  /** Abort the request in flight, and drop the one that waits. */
  function cancel() {
    line.waiting = null;
    line.pause.end();
    line.found();
    line.current?.controller.abort();
  }

  return { ask, cancel };
}
