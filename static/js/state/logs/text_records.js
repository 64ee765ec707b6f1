// Records that are one line of text each, by the rules of app/logs/engines/text_records.py.

import { flat, parseJson } from "./json_text.js";
import { textLines } from "./text.js";

const LONGEST_LINE = 1 << 20;
const LONGEST_SEARCHED = 1 << 14;
const PAIR = /'([^']+)':\s*(?:'([^']*)'|([-+.\w]+))/g;

/** A function that reads a record from a line: undefined without the format's mark, an error if it cannot be read. */
export function recordReader(format) {
  const mark = new RegExp(format.mark);
  const longest = format.mark.startsWith("^") ? LONGEST_LINE : LONGEST_SEARCHED;
  const patterns = Object.entries(format.patterns).map(
    ([name, pattern]) => /** @type {const} */ ([name, new RegExp(pattern)]),
  );
  return (line) => {
    const found = line.length < longest ? mark.exec(line) : null;
    if (!found) return undefined;
    if (format.kind === "json_line") return readObject(found[1]);
    if (format.kind === "dict_line") return readDict(found[1]);
    const matches = patterns.map(([name, pattern]) => /** @type {const} */ ([name, pattern.exec(line)?.[1]]));
    return Object.fromEntries(matches.filter(([, text]) => text !== undefined));
  };
}

function readDict(text) {
  const end = text.lastIndexOf("}");
  if (end < 0) throw new Error("the line ends within the dict");
  const pairs = [...text.slice(0, end).matchAll(PAIR)];
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name, quoted || plain || ""]));
}

function readObject(text) {
  const found = parseJson(text);
  if (!found || typeof found !== "object" || Array.isArray(found)) throw new Error("not an object");
  return flat(found);
}

/** The records of all lines with the format's mark, each with the number of its line. */
export function* lineRecords(bytes, format, counts) {
  const read = recordReader(format);
  for (const line of textLines(bytes)) {
    counts.lines++;
    let values;
    try {
      values = read(line);
    } catch {
      counts.addBroken(counts.lines);
      continue;
    }
    if (values) yield [counts.lines, values];
    else if (line) counts.other++;
  }
}
