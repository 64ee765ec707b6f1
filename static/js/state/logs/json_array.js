// Objects of an array inside a JSON document, which may be cut off, as in app/logs/engines/json_array.py.

import { flat, parseJson } from "./json_text.js";
import { textChunks } from "./text.js";

const HEAD = 1 << 16;
const LONGEST_OBJECT = 1 << 20;

/** The objects of the array that begins with the format's mark, each with the number of its last line. */
export function* arrayRecords(bytes, format, counts) {
  const text = [...textChunks(bytes)].join("");
  const found = new RegExp(format.mark).exec(text.slice(0, HEAD));
  if (!found) return;
  let place = found.index + found[0].length;
  let line = 1 + lineEnds(text, 0, place);
  for (;;) {
    const start = nextPlace(text, place);
    const end = text[start] === "{" ? objectEnd(text, start) : -1;
    const values = end < 0 ? undefined : readObject(text.slice(start, end));
    if (!values) {
      counts.lines = line;
      if (text[start] !== "]") counts.addBroken(line);
      return;
    }
    line += lineEnds(text, place, end);
    place = end;
    yield [line, values];
  }
}

function nextPlace(text, place) {
  while (place < text.length && /[\s,]/.test(text[place])) place++;
  return place;
}

function lineEnds(text, first, last) {
  let count = 0;
  for (let at = text.indexOf("\n", first); at >= 0 && at < last; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Where the object that starts here ends; -1 if it does not. */
function objectEnd(text, start) {
  const last = Math.min(text.length, start + LONGEST_OBJECT);
  let depth = 0;
  for (let place = start; place < last; place++) {
    const character = text[place];
    if (character === '"') {
      for (place++; place < last && text[place] !== '"'; place++) if (text[place] === "\\") place++;
    } else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return place + 1;
  }
  return -1;
}

function readObject(text) {
  try {
    return flat(parseJson(text));
  } catch {
    return undefined;
  }
}
