// TensorBoard's event files, as in app/logs/engines/event_file.py: records with checksums, and the fields of scalars.

const HEADER = 12;
const LARGEST_SCALAR = 1 << 16;
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let k = 0; k < 8; k++) value = (value >>> 1) ^ (value & 1 ? 0x82f63b78 : 0);
  return value;
});

/** The CRC-32C of some bytes, rotated and shifted as these files store it. */
export function maskedCrc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  value = ~value;
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

function view(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether a file that begins with these bytes consists of records. */
export function isRecordHeader(head) {
  return head.length >= HEADER && view(head).getUint32(8, true) === maskedCrc(head.subarray(0, 8));
}

/** The scalars of every event. A record counts as a line. */
export function* eventRecords(bytes, format, counts) {
  for (let place = 0; place < bytes.length; ) {
    counts.lines++;
    const head = bytes.subarray(place, place + HEADER);
    if (!isRecordHeader(head)) return counts.addBroken(counts.lines);
    const length = Number(view(head).getBigUint64(0, true));
    const first = place + HEADER;
    place = first + length + 4;
    if (length > LARGEST_SCALAR) {
      // An image or a graph, whose bytes need not be read.
      counts.other++;
      continue;
    }
    const content = bytes.subarray(first, first + length);
    const check = bytes.subarray(first + length, place);
    if (check.length < 4 || view(check).getUint32(0, true) !== maskedCrc(content)) counts.addBroken(counts.lines);
    else {
      const values = scalarsOf(content);
      if (values) yield [counts.lines, values];
      else counts.addBroken(counts.lines);
    }
  }
}

/** The step and the scalars of an event, by tag; undefined if the bytes are no message. */
function scalarsOf(content) {
  const values = {};
  let step = 0;
  try {
    for (const [number, value] of fields(content)) {
      if (number === 2 && typeof value === "bigint") step = Number(BigInt.asIntN(64, value));
      if (number !== 5 || typeof value === "bigint") continue;
      for (const [part, scalar] of fields(value)) {
        if (part === 1 && typeof scalar !== "bigint") Object.assign(values, taggedNumber(scalar));
      }
    }
  } catch {
    return undefined;
  }
  return Object.keys(values).length ? { step, ...values } : {};
}

function taggedNumber(content) {
  let tag = "";
  let number;
  for (const [field, value] of fields(content)) {
    if (typeof value === "bigint") continue;
    if (field === 1) tag = new TextDecoder().decode(value);
    else if (field === 2 && value.length === 4) number = view(value).getFloat32(0, true);
    else if (field === 8) number = tensorNumber(value);
  }
  return number === undefined ? {} : { [tag]: number };
}

/** The number in a tensor with one element of type float or double. */
function tensorNumber(content) {
  const found = new Map(/** @type {any} */ (fields(content)));
  const type = Number(found.get(1) ?? 0);
  const values = found.get(type === 1 ? 5 : 6) ?? found.get(4);
  if (type === 1 && values?.length === 4) return view(values).getFloat32(0, true);
  return type === 2 && values?.length === 8 ? view(values).getFloat64(0, true) : undefined;
}

/** The numbers and values of a message's fields. */
function* fields(content) {
  for (let place = 0; place < content.length; ) {
    let key, value, size;
    [key, place] = varint(content, place);
    const kind = Number(key & 7n);
    const number = Number(key >> 3n);
    if (kind === VARINT) {
      [value, place] = varint(content, place);
      yield [number, value];
      continue;
    }
    if (kind === BYTES) [size, place] = varint(content, place);
    else if (kind === FIXED64 || kind === FIXED32) size = kind === FIXED64 ? 8 : 4;
    else throw new Error(`wire type ${kind}`);
    const end = place + Number(size);
    if (end > content.length) throw new Error("the message ends within a field");
    yield [number, content.subarray(place, end)];
    place = end;
  }
}

function varint(content, place) {
  let value = 0n;
  for (let shift = 0n; shift < 70n && place < content.length; shift += 7n) {
    const byte = content[place++];
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return /** @type {const} */ ([value, place]);
  }
  throw new Error("the message ends within a number");
}
