// Frame line: sends requests to POST /frames, one at a time. Of the requests that wait, only the newest is sent.

import { readFrames } from "./frames.js";

// Milliseconds after which a request may be aborted although its surface has not started: before it, the server may
// have to train a network for minutes.
const START_LIMIT = 1000;

async function post({ scene, have, kinds }, signal) {
  const response = await fetch("frames", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scene, have: have(), kinds }),
    signal,
  });
  if (!response.ok) throw Object.assign(new Error("refused"), { problem: await response.json() });
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

/**
 * A newer request aborts an older one only after the older one has shown something, and not within `patience`
 * milliseconds: otherwise a fast drag would never show a complete picture. Once a frame is `enough`, the request may be
 * aborted earlier. A request for a surface may also be aborted if the surface has not started within a second.
 * @param {(frame: any, request: any) => void} receive
 * @param {(error: any, request: any) => void} fail
 * @param {(frame: any) => boolean} enough
 * @param {(request: any) => void} finish called when all frames of a request have arrived
 */
export function frameLine(receive, fail, patience = 0, enough = () => false, finish = () => {}) {
  let current = null;
  let waiting = null;

  /** Whether the request in flight may be aborted for the one that waits. */
  const spent = ({ shown, sated, began }) => shown && (sated || performance.now() - began >= patience);

  async function send(request) {
    const began = performance.now();
    const flight = { controller: new AbortController(), shown: false, sated: false, failed: false, began };
    current = flight;
    try {
      await readFrames(await post(request, flight.controller.signal), (frame) => {
        receive(frame, request);
        note(flight, frame, request, enough);
        if (waiting && spent(flight)) flight.controller.abort();
      });
      if (!flight.failed) finish(request);
    } catch (error) {
      // This page aborted the request itself, so there is nothing to report.
      if (error.name !== "AbortError") fail(error, request);
    }
    if (current === flight) current = null;
    const next = waiting;
    waiting = null;
    if (next) send(next);
  }

  function ask(request) {
    if (!current) return void send(request);
    waiting = request;
    if (spent(current)) current.controller.abort();
  }

  /** Abort the request in flight, and drop the one that waits. */
  function cancel() {
    waiting = null;
    current?.controller.abort();
  }

  return { ask, cancel };
}
