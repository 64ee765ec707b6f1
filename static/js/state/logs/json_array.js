// Objects of an array inside a JSON document, which may be cut off, as in app/logs/engines/json_array.py.

import { flat, parseJson } from "./json_text.js";
import { textChunks } from "./text.js";

const HEAD = 1 << 16;
const LONGEST_OBJECT = 1 << 20;
const BETWEEN = /[\s,]*/y;

/** The part of a text that is being read: `place` in `text`, on a `line`. What is behind it is forgotten. */
function textWindow(bytes, size) {
  const chunks = textChunks(bytes, size);
  return {
    text: "",
    place: 0,
    line: 1,

    /** Read on; false if the text ends here. */
    extend() {
      const { value, done } = chunks.next();
      if (done) return false;
      this.text = this.text.slice(this.place) + value;
      this.place = 0;
      return true;
    },

    /** Go on to a place of the text. */
    moveTo(place) {
      this.line += lineEnds(this.text, this.place, place);
      this.place = place;
    },
  };
}

/**
 * The objects of the array that begins with the format's mark, each with the number of its last line. The document may be
 * larger than memory: it is read in pieces of `size` bytes, and an object is left behind once it has been read.
 * @param {number} [size]
 */
export function* arrayRecords(bytes, format, counts, size) {
  const window = textWindow(bytes, size);
  const mark = new RegExp(format.mark);
  let found = null;
  do found = mark.exec(window.text.slice(0, HEAD));
  while (!found && window.text.length < HEAD && window.extend());
  if (!found) return;
  window.moveTo(found.index + found[0].length);
  for (let values; (values = nextObject(window, counts)); ) yield [window.line, values];
  counts.lines = window.line;
}

/** The next object; undefined at the end of the array, or at something that is no object, which is counted. */
function nextObject(window, counts) {
  for (;;) {
    const start = nextPlace(window.text, window.place);
    const known = window.text.length - start;
    if (window.text[start] === "]") return undefined;
    const end = window.text[start] === "{" ? objectEnd(window.text, start) : -1;
    const values = end < 0 ? undefined : readObject(window.text.slice(start, end));
    if (values) {
      window.moveTo(end);
      return values;
    }
    // Half an object cannot be read yet.
    const incomplete = end < 0 && (known === 0 || (window.text[start] === "{" && known < LONGEST_OBJECT));
    if (!incomplete || !window.extend()) {
      counts.addBroken(window.line);
      return undefined;
    }
  }
}

function nextPlace(text, place) {
  BETWEEN.lastIndex = place;
  BETWEEN.test(text);
  return BETWEEN.lastIndex;
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
