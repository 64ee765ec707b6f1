// Reading a log in the browser, by the formats that the server sends: the same rules as app/logs/reading.py.

import { columnNames } from "./columns.js";
import { headerLine, isHeader, tableRecords } from "./csv_table.js";
import { eventRecords, isRecordHeader } from "./event_file.js";
import { arrayRecords } from "./json_array.js";
import { readNumber } from "./numbers.js";
import { archiveRecords } from "./numpy_archive.js";
import { logSeries } from "./series.js";
import { textChunks, textLines } from "./text.js";
import { lineRecords, recordReader } from "./text_records.js";

const ENGINES = {
  json_array: arrayRecords,
  json_line: lineRecords,
  dict_line: lineRecords,
  pattern_line: lineRecords,
  csv: tableRecords,
  event_file: eventRecords,
  numpy_archive: archiveRecords,
};
const HEAD = 1 << 16;
// Only these are kept in memory: a longer log is hardly that of one run.
const MOST_RECORDS = 5_000_000;
const RECORDS = "The number of records with a gradient norm, a loss or a learning rate";

/** How many lines a file has, and how many of them could not be used. */
function lineCounts() {
  return {
    lines: 0,
    broken: 0,
    other: 0,
    firstBroken: /** @type {number | null} */ (null),
    addBroken(line) {
      this.broken++;
      this.firstBroken ??= line;
    },
  };
}

/**
 * The log in some bytes: its format, runs and counts. An error whose message is a sentence if it cannot be used. `archive` are
 * the columns of a NumPy archive, and `most` is the largest number of records that are kept. `noteFormat` is called once the
 * format is known, for which the whole file may have been read.
 * @param {{ archive?: Map<string, import("./npy_column.js").Column> | null, most?: number, noteFormat?: () => void }} given
 */
export function readLog(bytes, formats, given = {}) {
  const { archive = null, most = MOST_RECORDS, noteFormat = () => {} } = given;
  const format = archive ? formats.find((one) => one.kind === "numpy_archive") : recognise(bytes, formats);
  noteFormat();
  const counts = lineCounts();
  const series = logSeries(columnNames(format.columns), format, readNumber);
  for (const [line, values] of ENGINES[format.kind](archive ?? bytes, format, counts)) {
    try {
      series.add(values);
    } catch {
      counts.addBroken(line);
    }
    if (series.kept > most) throw new Error(`${RECORDS} must be at most ${most.toLocaleString("en")}, got more.`);
  }
  const runs = series.runs();
  if (!runs.size) throw new Error(noNormSentence(format, counts));
  for (const run of runs.values()) {
    run.place ??= format.place;
    const at = run.norms.findIndex((norm) => norm < 0);
    if (at >= 0) throw new Error(negativeSentence(run, at));
  }
  return { format, runs, counts, ...series.counted };
}

function negativeSentence({ norms, steps, columns }, at) {
  return `A gradient norm must be at least 0, got ${norms[at]} at step ${steps[at]} of column ${columns.norm}.`;
}

function noNormSentence(format, counts) {
  const broken = counts.broken ? `${counts.broken} of its lines cannot be read. ` : "";
  return `Expected gradient norms, as in ${format.form}. ${broken}No line of this ${format.label} log has one.`;
}

function recognise(bytes, formats) {
  const own = formats.find((one) => one.general);
  const labels = formats.map((one) => one.label).join("; ");
  const known = `Known formats are ${labels}. A log of your own can be a ${own.label} with the header ${own.form}.`;
  const head = bytes.subarray(0, HEAD);
  if (head.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))) throw new Error("This file is empty.");
  if (isRecordHeader(head.subarray(0, 12))) return formats.find((one) => one.kind === "event_file");
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (head.includes(0) && !utf16) {
    throw new Error(`Expected a log with gradient norms, but this page does not read this binary file. ${known}`);
  }
  const found = documentFormat(bytes, formats, false) ?? lineFormat(bytes, formats);
  if (!found) throw new Error(`Expected a log in a format that is known. ${known}`);
  return found;
}

function documentFormat(bytes, formats, general) {
  const [head = ""] = textChunks(bytes.subarray(0, HEAD));
  const { header } = headerLine(bytes);
  return formats.find((one) => {
    if (one.general !== general) return false;
    return one.kind === "json_array" ? new RegExp(one.mark).test(head) : one.kind === "csv" && isHeader(header, one);
  });
}

function lineFormat(bytes, formats) {
  const candidates = formats
    .filter((one) => ENGINES[one.kind] === lineRecords)
    .map((format) => ({ format, read: recordReader(format), match: columnNames(format.columns) }));
  let withoutNorm;
  for (const line of textLines(bytes)) {
    for (const { format, read, match } of candidates) {
      try {
        const values = Object.entries(read(line) ?? {});
        if (values.some(([name, value]) => match(name)?.quantity === "norm" && readNumber(value) !== undefined))
          return format;
        if (values.length) withoutNorm ??= format;
      } catch {
        // A line that cannot be read decides nothing.
      }
    }
  }
  return documentFormat(bytes, formats, true) ?? withoutNorm;
}
