// The runs of a log while it is read, record by record, as in app/logs/series.py.

import { LARGEST_COUNT, addRecord, emptyColumns, runOf } from "./run_columns.js";

/** The runs of a log of a format. `match` classifies names of columns, and `readNumber` reads their values. */
export function logSeries(match, format, readNumber) {
  const runs = new Map();
  const counted = { records: 0, withNorm: 0 };
  return {
    counted,
    kept: 0,

    /** Add a record; an error if a value that is needed is no number. */
    add(values) {
      counted.records++;
      const { step, found, hasNorm } = takeApart(values, match, format, readNumber);
      if (step && !Number.isFinite(step.value)) throw new Error("a step must be finite");
      if (hasNorm) counted.withNorm++;
      if (found.size) this.kept++;
      // In a log without steps, records with a norm are numbered; the others belong to none of them.
      const record = hasNorm ? counted.withNorm : counted.withNorm + 0.5;
      for (const [name, columns] of found) {
        if (!runs.has(name) && runs.size >= LARGEST_COUNT) continue;
        if (!runs.has(name)) runs.set(name, emptyColumns());
        addRecord(runs.get(name), step, record, columns);
      }
    },

    /** The runs with a gradient norm, by name. */
    runs() {
      const listed = [...runs].map(([name, columns]) => /** @type {const} */ ([name, runOf(columns)]));
      return new Map(listed.filter(([, run]) => run));
    },
  };
}

/** The step of a record, its useful values by run and column, and whether a norm is among them. */
function takeApart(values, match, format, readNumber) {
  const label = labelOf(values, format.runs);
  const found = new Map();
  let step;
  let hasNorm = false;
  for (const [whole, value] of Object.entries(values)) {
    const { run, name } = cutName(whole, format.separator);
    const one = match(name);
    const number = one && readNumber(value);
    if (number === undefined) continue;
    if (one.quantity === "step") {
      if (!step || one.rank < step.rank) step = { rank: one.rank, name, value: number, restarts: one.restarts };
      continue;
    }
    hasNorm ||= one.quantity === "norm";
    const key = run || label;
    if (!found.has(key)) found.set(key, new Map());
    found.get(key).set(name, { match: one, value: number });
  }
  return { step, found, hasNorm };
}

/** The name of a record's run, such as "without, seed 3"; empty for a log of one run. */
function labelOf(values, runs) {
  const given = runs.filter((name) => name in values);
  return given.map((name) => (name === "run" ? values[name] : `${name} ${values[name]}`)).join(", ");
}

/** A whole name of a column, taken apart into run and column. */
function cutName(whole, separator) {
  const place = separator ? whole.lastIndexOf(separator) : -1;
  return place < 0
    ? { run: "", name: whole }
    : { run: whole.slice(0, place), name: whole.slice(place + separator.length) };
}
