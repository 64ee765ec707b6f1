// Frames: the binary messages of POST /frames, decoded as they arrive.

const MAGIC = 0x46494c43; // "CLIF", little-endian
const ARRAYS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };

/** Bytes of one frame, header first, to the header's fields with its arrays by name. */
export function decode(buffer, start = 0) {
  const view = new DataView(buffer, start);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("not a frame");
  const headerLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start + 8, headerLength)));
  const payload = start + 8 + headerLength;
  const arrays = {};
  for (const { name, type, shape, offset } of header.arrays) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = new ARRAYS[type](buffer, payload + offset, count);
  }
  return { ...header, ...arrays, size: 8 + headerLength + header.length };
}

export function decodeBase64(text) {
  return decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
}

/** Length of the frame at the front of `bytes`, or 0 while too little of it is there. */
function frameLength(bytes) {
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerLength = view.getUint32(4, true);
  if (bytes.length < 8 + headerLength) return 0;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  return 8 + headerLength + header.length;
}

function joined(chunks, total) {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Read frames from a response, one call of `receive` each. */
async function read(response, receive) {
  const reader = response.body.getReader();
  let chunks = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    chunks.push(value);
    total += value.length;
    let bytes = joined(chunks, total);
    for (let length = frameLength(bytes); length && bytes.length >= length; length = frameLength(bytes)) {
      receive(decode(bytes.slice(0, length).buffer));
      bytes = bytes.subarray(length);
    }
    chunks = [bytes];
    total = bytes.length;
  }
}

// Milliseconds after which a surface gives way that is not even begun: a slice of a whole run waits for minutes.
const BEGINNING = 1000;

/**
 * A line to POST /frames with at most one request in flight, the newest request winning. A request is given up
 * for a newer one only once it has shown something, and not within `patience` milliseconds: otherwise a quick hand
 * would never see a whole picture. A frame that is `enough` ends the patience. A request for a surface may also go that
 * has begun none within a second.
 * @param {(frame: any, request: any) => void} receive
 * @param {(error: any, request: any) => void} fail
 * @param {(frame: any) => boolean} enough
 * @param {(request: any) => void} finish called when all frames of a request have come
 */
export function frameLine(receive, fail, patience = 0, enough = () => false, finish = () => {}) {
  let current = null;
  let waiting = null;

  /** Whether the request under way may go for the one that waits. */
  const spent = ({ shown, sated, began }) => shown && (sated || performance.now() - began >= patience);

  async function send(request) {
    const began = performance.now();
    const flight = { controller: new AbortController(), shown: false, sated: false, failed: false, began };
    current = flight;
    try {
      const { scene, have, kinds } = request;
      const response = await fetch("/frames", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ scene, have: have(), kinds }),
        signal: flight.controller.signal,
      });
      if (!response.ok) throw Object.assign(new Error("refused"), { problem: await response.json() });
      await read(response, (frame) => {
        receive(frame, request);
        flight.failed ||= frame.kind === "error";
        flight.shown ||= frame.kind === "surface" || !request.kinds.includes("surface");
        flight.shown ||= frame.kind === "progress" && performance.now() - flight.began >= BEGINNING;
        flight.sated ||= enough(frame);
        if (waiting && spent(flight)) flight.controller.abort();
      });
      if (!flight.failed) finish(request);
    } catch (error) {
      if (error.name !== "AbortError") fail(error, request);
    }
    if (current === flight) current = null;
    if (waiting) {
      const next = waiting;
      waiting = null;
      send(next);
    }
  }

  return {
    ask(request) {
      if (!current) return void send(request);
      waiting = request;
      if (spent(current)) current.controller.abort();
    },
    /** Give up what is under way and what waits. */
    cancel() {
      waiting = null;
      current?.controller.abort();
    },
  };
}
