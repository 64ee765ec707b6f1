// Frames: the binary messages of POST /frames, decoded as they arrive.

import { untilLost } from "./retry.js";

const MAGIC = 0x46494c43; // "CLIF", little-endian
const ARRAYS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };

/** Decode the bytes of one frame: the header's fields, and its arrays by name. */
export function decode(buffer, start = 0) {
  const view = new DataView(buffer, start);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("not a frame");
  const headerLength = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start + 8, headerLength)));
  // Arrays are views of the buffer, without a copy. The server aligns them to 8 bytes.
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

/** Length of the first frame in `bytes`, or 0 if its header is not complete. */
function frameLength(bytes) {
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerLength = view.getUint32(4, true);
  if (bytes.length < 8 + headerLength) return 0;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  return 8 + headerLength + header.length;
}

function concatenate(chunks, total) {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Read the frames of a response, and call `receive` with each as soon as it is complete. */
export async function readFrames(response, receive) {
  const reader = response.body.getReader();
  let chunks = [];
  let total = 0;
  for (;;) {
    const { done, value } = await untilLost(reader.read());
    if (done) return;
    chunks.push(value);
    total += value.length;
    let bytes = concatenate(chunks, total);
    for (let length = frameLength(bytes); length && bytes.length >= length; length = frameLength(bytes)) {
      // A copy: the frame's arrays need a buffer in which they are aligned.
      receive(decode(bytes.slice(0, length).buffer));
      bytes = bytes.subarray(length);
    }
    chunks = [bytes];
    total = bytes.length;
  }
}
