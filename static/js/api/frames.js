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
export async function readFrames(response, receive) {
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
