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

/** The values with those of inner objects, whose names follow a slash. */
export function flat(values, depth = 4) {
  const found = {};
  for (const [name, value] of Object.entries(values)) {
    if (depth && value && typeof value === "object" && !Array.isArray(value)) {
      for (const [inner, one] of Object.entries(flat(value, depth - 1))) found[`${name}/${inner}`] = one;
    } else found[name] = value;
  }
  return found;
}
