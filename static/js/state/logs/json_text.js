// JSON as programs write it: with bare NaN and Infinity.

const LITERALS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** The value of a text. NaN and Infinity become texts, which are read as numbers later. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(LITERALS, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  }
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The values with those of inner objects, whose names follow a slash. */
export function flat(values, depth = 4) {
  // As in most logs, of which some have millions of records.
  if (!depth || !Object.values(values).some(isObject)) return values;
  const found = {};
  for (const [name, value] of Object.entries(values)) {
    if (isObject(value)) {
      for (const [inner, one] of Object.entries(flat(value, depth - 1))) found[`${name}/${inner}`] = one;
    } else found[name] = value;
  }
  return found;
}
