// NumPy archives of columns, by the rules of app/logs/engines/numpy_archive.py: files in the .npy format in a zip archive.

import { columnNames } from "./columns.js";
import { columnOf } from "./npy_column.js";

const LARGEST = 1 << 30; // bytes of all arrays: a small archive can hold arrays that do not fit into memory
const [ENTRY, DIRECTORY, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const END_LENGTH = 22;
const LONGEST_COMMENT = 1 << 16;
const [STORED, DEFLATED] = [0, 8];
const WIDE = 0xffffffff; // a size that is in a further field, as NumPy writes it

/** Whether a file that begins with these bytes is a zip archive. */
export function isArchive(head) {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where the directory of an archive begins, and how many files it lists. */
function directoryOf(bytes) {
  const first = Math.max(0, bytes.length - END_LENGTH - LONGEST_COMMENT);
  const tail = view(bytes.subarray(first));
  for (let place = tail.byteLength - END_LENGTH; place >= 0; place--) {
    if (tail.getUint32(place, true) !== END) continue;
    return { count: tail.getUint16(place + 10, true), start: tail.getUint32(place + 16, true) };
  }
  throw new Error("it has no directory");
}

/** Sizes and place of a file, from the further field where they do not fit. */
function wideSizes(extra, sizes) {
  const wide = view(extra);
  for (let place = 0; place + 4 <= extra.length; place += 4 + wide.getUint16(place + 2, true)) {
    if (wide.getUint16(place, true) !== 1) continue;
    let at = place + 4;
    return sizes.map((size) => {
      if (size !== WIDE) return size;
      at += 8;
      return Number(wide.getBigUint64(at - 8, true));
    });
  }
  return sizes;
}

/** The files that an archive lists: name, method, sizes and place. */
function* listed(bytes) {
  const { count, start } = directoryOf(bytes);
  for (let k = 0, place = start; k < count; k++) {
    const head = view(bytes.subarray(place, place + 46));
    if (head.getUint32(0, true) !== DIRECTORY) throw new Error("its directory is damaged");
    const [name, extra, comment] = [28, 30, 32].map((at) => head.getUint16(at, true));
    const text = new TextDecoder().decode(bytes.subarray(place + 46, place + 46 + name));
    const sizes = [24, 20, 42].map((at) => head.getUint32(at, true));
    const further = bytes.subarray(place + 46 + name, place + 46 + name + extra).slice();
    const [size, packed, at] = wideSizes(further, sizes);
    yield { name: text, method: head.getUint16(10, true), size, packed, at };
    place += 46 + name + extra + comment;
  }
}

async function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The content of one file of an archive. */
async function contentOf(bytes, { method, packed, at }) {
  const head = view(bytes.subarray(at, at + 30));
  if (head.getUint32(0, true) !== ENTRY) throw new Error("one of its files is damaged");
  const first = at + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const content = bytes.subarray(first, first + packed).slice();
  if (method === STORED) return content;
  if (method === DEFLATED) return inflate(content);
  throw new Error(`method ${method} of compression is not known`);
}

/**
 * The columns of an archive by name. Its arrays are read whole, so it has at most `largest` bytes, packed and unpacked.
 * @returns {Promise<Map<string, import("./npy_column.js").Column>>}
 */
export async function unpackArchive(bytes, largest = LARGEST) {
  checkSize(bytes.length, largest);
  const files = await readable(() => [...listed(bytes)]);
  checkSize(
    files.reduce((sum, one) => sum + one.size, 0),
    largest,
  );
  const columns = new Map();
  for (const file of files) {
    const column = await readable(async () => columnOf(await contentOf(bytes, file)));
    if (column) columns.set(file.name.replace(/\.npy$/, ""), column);
  }
  return columns;
}

function checkSize(size, largest) {
  const [bound, found] = [largest, size].map((one) => one.toLocaleString("en"));
  if (size > largest) throw new Error(`The size of an archive must be at most ${bound} bytes, got ${found}.`);
}

/** What `read` returns. */
async function readable(read) {
  try {
    return await read();
  } catch (error) {
    throw new Error(`Expected an archive that NumPy can read, which it is not (${error.message}).`, { cause: error });
  }
}

/**
 * The rows of all columns of the same length; other arrays are left out, and so are those of types that cannot be read if the
 * format does not know their names.
 */
export function* archiveRecords(columns, format, counts) {
  const match = columnNames(format.columns);
  const known = [...columns].filter(([name, { refused }]) => !refused || match(name));
  const length = Math.max(0, ...known.map(([, column]) => column.length));
  const used = known.filter(([, column]) => column.length === length);
  for (const [name, { refused }] of used) if (refused) throw new Error(typeSentence(name, refused));
  for (let k = 0; k < length; k++) {
    counts.lines = k + 1;
    yield [counts.lines, Object.fromEntries(used.map(([name, column]) => [name, column.at(k)]))];
  }
}

function typeSentence(name, type) {
  return `Column ${name} must be of whole numbers or of half, single or double precision, got ${type}.`;
}
