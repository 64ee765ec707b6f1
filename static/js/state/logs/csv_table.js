// Tables of comma-separated values with a header line, as in app/logs/engines/csv_table.py.

import { textLines } from "./text.js";

const DELIMITERS = [",", ";", "\t"];
const LONGEST_HEADER = 1 << 16;
const LONGEST_FIELD = 1 << 17;
const PREFACE = 100;

/** The header line among the first lines, and its number; an empty text if there is none. */
export function headerLine(bytes) {
  let number = 0;
  for (const line of textLines(bytes)) {
    number++;
    if (line && !line.startsWith("#")) return { number, header: line };
    if (number >= PREFACE) break;
  }
  return { number: 1, header: "" };
}

/** Whether a table that begins with this line has the format. */
export function isHeader(line, format) {
  return line.length < LONGEST_HEADER && new RegExp(format.mark).test(line);
}

/** The rows below the header line, each with the number of its last line. */
export function* tableRecords(bytes, format, counts) {
  const { number, header } = headerLine(bytes);
  const delimiter = DELIMITERS.reduce((best, one) =>
    header.split(one).length > header.split(best).length ? one : best,
  );
  const names = cellsOf(header, delimiter) ?? [];
  const parts = format.parts ? new RegExp(`^(?:${format.parts})$`) : undefined;
  let pending = "";
  for (const line of textLines(bytes)) {
    counts.lines++;
    if (counts.lines <= number) continue;
    const whole = pending ? `${pending}\n${line}` : line;
    const cells = cellsOf(whole, delimiter);
    // A quote is open: the row goes on in the next line.
    pending = cells || whole.length > LONGEST_FIELD ? "" : whole;
    if (!cells && pending) continue;
    if (!cells || (whole && cells.length !== names.length)) counts.addBroken(counts.lines);
    else if (whole) yield [counts.lines, withNormOfParts(namedCells(names, cells), parts)];
  }
}

function namedCells(names, cells) {
  const values = {};
  for (let k = 0; k < names.length; k++) values[names[k]] = cells[k];
  return values;
}

/** The cells of a row; undefined if a quote is open at its end. */
function cellsOf(row, delimiter) {
  if (!row.includes('"')) return row.split(delimiter);
  const cells = [];
  let place = 0;
  for (;;) {
    if (row[place] !== '"') {
      const found = row.indexOf(delimiter, place);
      const end = found < 0 ? row.length : found;
      cells.push(row.slice(place, end));
      place = end;
    } else {
      const quoted = /"((?:[^"]|"")*)"/y;
      quoted.lastIndex = place;
      const found = quoted.exec(row);
      if (!found) return undefined;
      const found_end = row.indexOf(delimiter, quoted.lastIndex);
      const end = found_end < 0 ? row.length : found_end;
      cells.push(found[1].replaceAll('""', '"') + row.slice(quoted.lastIndex, end));
      place = end;
    }
    if (place >= row.length) return cells;
    place += 1;
  }
}

/** The values, and as `grad_norm` the norm of all parameters from the norms of each if it is not among them. */
function withNormOfParts(values, parts) {
  if (!parts) return values;
  const entries = Object.entries(values).filter(([, text]) => text !== "");
  if (entries.some(([name]) => name.endsWith("_total"))) return values;
  const squares = entries.filter(([name]) => parts.test(name)).map(([, text]) => numberOf(text) ** 2);
  const known = squares.length > 0 && squares.every((one) => one !== undefined);
  return known ? { ...values, grad_norm: Math.sqrt(squares.reduce((sum, one) => sum + one)) } : values;
}

function numberOf(text) {
  return /^[+-]?inf(inity)?$/i.test(text) ? Infinity : Number(text);
}
