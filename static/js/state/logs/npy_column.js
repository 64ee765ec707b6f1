// Columns in the .npy format: a header that names type, byte order and shape, and the values.

const NUMBERS = {
  f8: (data, at, little) => data.getFloat64(at, little),
  f4: (data, at, little) => data.getFloat32(at, little),
  f2: (data, at, little) => halfOf(data.getUint16(at, little)),
  i8: (data, at, little) => Number(data.getBigInt64(at, little)),
  u8: (data, at, little) => Number(data.getBigUint64(at, little)),
  i4: (data, at, little) => data.getInt32(at, little),
  u4: (data, at, little) => data.getUint32(at, little),
  i2: (data, at, little) => data.getInt16(at, little),
  u2: (data, at, little) => data.getUint16(at, little),
  i1: (data, at) => data.getInt8(at),
  u1: (data, at) => data.getUint8(at),
};

// Kinds of types that cannot be read, with their names. What a longdouble is depends on the machine that wrote it.
const REFUSED = { f: "longdouble", c: "complex", b: "bool" };

/** The number of half precision with these bits: a sign, 5 bits of the exponent and 10 of the significand. */
function halfOf(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const significand = bits & 1023;
  if (exponent === 31) return significand ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + significand) * 2 ** (exponent - 25) : significand * 2 ** -24);
}

/** A text of `length` characters of four bytes, without the zeros at its end. */
function textAt(data, at, length, little) {
  let last = length;
  while (last > 0 && data.getUint32(at + 4 * (last - 1), little) === 0) last--;
  return String.fromCodePoint(...Array.from({ length: last }, (_, k) => data.getUint32(at + 4 * k, little)));
}

/**
 * The values of an array with one axis, of numbers or texts; null for another one. They stay in its bytes until one is asked
 * for. `refused` is the name of a type of numbers that cannot be read.
 * @typedef {{ length: number, at: (k: number) => number | string, refused?: string }} Column
 * @returns {Column | null}
 */
export function columnOf(content) {
  const data = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const wide = content[6] > 1;
  const first = wide ? 12 : 10;
  const length = wide ? data.getUint32(8, true) : data.getUint16(8, true);
  const header = new TextDecoder().decode(content.subarray(first, first + length));
  const [, order, type] = /'descr': '([<>|=])([a-zA-Z]\d+)'/.exec(header) ?? [];
  const [, count] = /'shape': \((\d+),\)/.exec(header) ?? [];
  const isText = type?.[0] === "U";
  const refused = NUMBERS[type] ? undefined : REFUSED[type?.[0]];
  if (count === undefined || !(isText || NUMBERS[type] || refused)) return null;
  const little = order !== ">";
  const size = Number(type.slice(1)) * (isText ? 4 : 1);
  if (first + length + size * Number(count) > content.length) throw new Error("one of its arrays is cut off");
  const read = isText ? (at) => textAt(data, at, size / 4, little) : (at) => NUMBERS[type](data, at, little);
  return { length: Number(count), at: (k) => read(first + length + k * size), refused };
}
