// PNG metadata: texts and the resolution of a PNG, in the chunks of the file.

const HEADER = 8 + 25; // bytes of the signature and of the first chunk
const INCH = 0.0254; // metres
const SCREEN = 96; // pixels of a style sheet per inch

let table = null;

/** The table of CRC-32, as the PNG specification computes it. */
function crcTable() {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  return table;
}

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = crcTable()[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** A chunk: its length, type, content and checksum. */
function chunkOf(type, content) {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

const isPlain = (text) => [...text].every((letter) => letter >= " " && letter <= "~");

/** A named text: tEXt for plain ASCII, which every program reads, otherwise iTXt with UTF-8. */
function textChunk(name, text) {
  if (isPlain(text)) return chunkOf("tEXt", new TextEncoder().encode(`${name}\0${text}`));
  // No compression, and no language.
  return chunkOf("iTXt", new TextEncoder().encode(`${name}\0\0\0\0\0${text}`));
}

/** The size of a pixel, so that an image of a higher resolution has the same size on paper. */
function resolutionChunk(scale) {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  for (const at of [0, 4]) view.setUint32(at, Math.round((SCREEN / INCH) * scale));
  bytes[8] = 1; // per metre
  return chunkOf("pHYs", bytes);
}

/**
 * A PNG file with metadata and its resolution, in pixels per unit, after the header.
 * @param {Blob} png
 * @param {{title: string, description: string, link: string, software: string}} metadata
 */
export async function withMetadata(png, { title, description, link, software }, scale) {
  const bytes = new Uint8Array(await png.arrayBuffer());
  const texts = { Title: title, Description: description, Source: link, Software: software };
  const chunks = Object.entries(texts).map(([name, text]) => textChunk(name, text));
  const parts = [bytes.subarray(0, HEADER), resolutionChunk(scale), ...chunks, bytes.subarray(HEADER)];
  return new Blob(parts, { type: "image/png" });
}
