// PNG file: an SVG as pixels, with metadata in the chunks of the file.

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

/** The parts of a PNG file with named texts and its resolution after the header. @param {Uint8Array} png */
export function withMetadata(png, texts, scale) {
  const chunks = Object.entries(texts).map(([name, text]) => textChunk(name, text));
  return [png.subarray(0, HEADER), resolutionChunk(scale), ...chunks, png.subarray(HEADER)];
}

/** An SVG of `width` by `height` pixels on a canvas. */
export async function drawSvg(svg, width, height) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}

const FAILED = "The figure cannot be exported, because this browser cannot make an image of this size";

/** A PNG file of an SVG. `scale` is its resolution, in pixels per unit. */
export async function pngBlob({ svg, width, height }, { title, description, link, software }, scale) {
  const canvas = await drawSvg(svg, width, height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(FAILED);
  const texts = { Title: title, Description: description, Source: link, Software: software };
  const parts = withMetadata(new Uint8Array(await blob.arrayBuffer()), texts, scale);
  return new Blob(parts, { type: "image/png" });
}
