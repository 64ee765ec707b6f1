// The reports on a log, which a worker sends to the page.

import { isArchive, unpackArchive } from "../logs/numpy_archive.js";
import { readLog } from "../logs/reading.js";
import { advise } from "./advice.js";
import { reportNumbers } from "./report_numbers.js";

const ignore = () => {};

/**
 * What was read from the bytes of a log, and the numbers of the report on each of its runs, by name. `tables` are those of the
 * server, `modules` the clips that it has traced. `noteFormat` is called once the format is known, and `noteRead` once the log
 * has been read.
 */
export async function logReports(bytes, tables, modules, { noteFormat = ignore, noteRead = ignore } = {}) {
  const archive = isArchive(bytes.subarray(0, 4)) ? await unpackArchive(bytes) : null;
  const { format, runs, counts, records, withNorm } = readLog(bytes, tables.formats, { archive, noteFormat });
  noteRead();
  const { lines, broken, other, firstBroken } = counts;
  const reports = new Map();
  for (const [name, run] of runs) {
    reports.set(name, reportNumbers(run, advise(run, tables, modules), tables.rules));
    // One run after the other is enough to have in memory.
    runs.delete(name);
  }
  return { format, records, withNorm, counts: { lines, broken, other, firstBroken }, reports };
}
