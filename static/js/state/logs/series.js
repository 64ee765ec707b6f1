// The runs of a log while it is read, record by record, as in app/logs/series.py.

import { LARGEST_COUNT, addValue, emptyColumns, runOf } from "./run_columns.js";

const NAMES = 10_000;

/** The runs of a log of a format. `match` classifies names of columns, and `readNumber` reads their values. */
export function logSeries(match, format, readNumber) {
  const runs = new Map();
  const placeOf = columnPlaces(match, format.separator);
  const counted = { records: 0, withNorm: 0 };
  return {
    counted,
    kept: 0,

    /** Add a record; an error if a value that is needed is no number. */
    add(values) {
      counted.records++;
      const { step, found, hasNorm } = takeApart(values, placeOf, format.runs, readNumber);
      if (step && !Number.isFinite(step.value)) throw new Error("a step must be finite");
      if (hasNorm) counted.withNorm++;
      if (found.length) this.kept++;
      // In a log without steps, records with a norm are numbered; the others belong to none of them.
      const record = hasNorm ? counted.withNorm : counted.withNorm + 0.5;
      for (const { run: name, place, value } of found) {
        let run = runs.get(name);
        if (!run) {
          if (runs.size >= LARGEST_COUNT) continue;
          run = emptyColumns();
          runs.set(name, run);
        }
        addValue(run, step, record, place, value);
      }
    },

    /** The runs with a gradient norm, by name. */
    runs() {
      const listed = [...runs].map(([name, columns]) => /** @type {const} */ ([name, runOf(columns)]));
      return new Map(listed.filter(([, run]) => run));
    },
  };
}

/** The step of a record, its useful values with their runs and columns, and whether a norm is among them. */
function takeApart(values, placeOf, runs, readNumber) {
  const label = runs.length ? labelOf(values, runs) : "";
  const found = [];
  let step;
  let hasNorm = false;
  for (const whole of Object.keys(values)) {
    const place = placeOf(whole);
    const value = place && readNumber(values[whole]);
    if (value === undefined) continue;
    const { quantity, rank, restarts } = place.match;
    if (quantity === "step") {
      if (!step || rank < step.rank) step = { rank, name: place.name, value, restarts };
      continue;
    }
    hasNorm ||= quantity === "norm";
    found.push({ run: place.run || label, place, value });
  }
  return { step, found, hasNorm };
}

/** A function that tells run, name and meaning of a column by its whole name; undefined if it is of no use. */
function columnPlaces(match, separator) {
  const known = new Map();
  return (whole) => {
    if (!known.has(whole)) {
      const { run, name } = cutName(whole, separator);
      const found = match(name);
      const place = found && { run, name, match: found };
      if (known.size >= NAMES) return place;
      known.set(whole, place);
    }
    return known.get(whole);
  };
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
