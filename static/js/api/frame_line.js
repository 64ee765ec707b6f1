// A line to POST /frames with at most one request in flight. Of the requests that wait, only the newest is sent.

import { readFrames } from "./frames.js";

// Milliseconds after which a request may end before its surface has begun: a slice of a whole run takes minutes.
const BEGINNING = 1000;

async function post({ scene, have, kinds }, signal) {
  const response = await fetch("/frames", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scene, have: have(), kinds }),
    signal,
  });
  if (!response.ok) throw Object.assign(new Error("refused"), { problem: await response.json() });
  return response;
}

/** Note what a frame means for its request: whether that failed, has shown something, or has shown enough. */
function note(flight, frame, request, enough) {
  flight.failed ||= frame.kind === "error";
  flight.shown ||= frame.kind === "surface" || !request.kinds.includes("surface");
  flight.shown ||= frame.kind === "progress" && performance.now() - flight.began >= BEGINNING;
  flight.sated ||= enough(frame);
}

/**
 * A newer request ends an older one only once that has shown something, and not within `patience` milliseconds:
 * otherwise a fast drag would never show a whole picture. Once a frame is `enough`, the request may end earlier. A
 * request for a surface may also end if the surface has not begun within a second.
 * @param {(frame: any, request: any) => void} receive
 * @param {(error: any, request: any) => void} fail
 * @param {(frame: any) => boolean} enough
 * @param {(request: any) => void} finish called when all frames of a request have come
 */
export function frameLine(receive, fail, patience = 0, enough = () => false, finish = () => {}) {
  let current = null;
  let waiting = null;

  /** Whether the request in flight may end for the one that waits. */
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

  /** End the request in flight, and forget the one that waits. */
  function cancel() {
    waiting = null;
    current?.controller.abort();
  }

  return { ask, cancel };
}
