// The columns of one run while a log is read, and the run that they make together, as in app/logs/series.py. The columns of a
// run are Float64Arrays.

export const LARGEST_COUNT = 64;

/** The columns of a run, without records. */
export function emptyColumns() {
  return { series: new Map(), numbered: false, last: -Infinity };
}

/** Add the values of a record. `step` is undefined if it has none. */
export function addRecord(run, step, record, values) {
  if (!step) run.numbered = true;
  else {
    run.numbered ||= Boolean(step.restarts) && step.value < run.last;
    run.last = step.value;
  }
  for (const [name, { match, value }] of values) {
    let one = run.series.get(name);
    if (!one) {
      if (run.series.size >= LARGEST_COUNT) continue;
      one = { match, stepName: step?.name ?? "", steps: [], records: [], values: [] };
      run.series.set(name, one);
    }
    one.steps.push(step ? step.value : record);
    one.records.push(record);
    one.values.push(value);
  }
}

/** The run, or undefined if it has no gradient norm. */
export function runOf(run) {
  const [name, ...others] = namesOf(run, "norm");
  if (name === undefined) return undefined;
  const norm = run.series.get(name);
  const { steps, values: norms } = byStep(norm, run.numbered);
  const columns = { norm: name, ...(run.numbered ? {} : { step: norm.stepName }) };
  const losses = aligned(run, "loss", steps, columns);
  const rates = aligned(run, "learning_rate", steps, columns);
  const repeated = norm.values.length - norms.length;
  return { steps, norms, losses, rates, columns, others, numbered: run.numbered, repeated, place: norm.match.place };
}

/** The columns with a quantity, the preferred ones first. */
function namesOf({ series }, quantity) {
  const listed = [...series].filter(([, one]) => one.match.quantity === quantity);
  return listed.sort(([, a], [, b]) => a.match.rank - b.match.rank).map(([name]) => name);
}

/** Increasing steps and their values; of several values for a step the last one counts. */
function byStep(series, numbered) {
  const at = numbered ? series.records : series.steps;
  // As in almost every log, which may have millions of records.
  if (at.every((step, k) => k === 0 || at[k - 1] < step)) return columnsOf(at, series.values);
  const order = Array.from(at.keys()).sort((a, b) => at[a] - at[b] || a - b);
  const kept = order.filter((place, k) => k + 1 === order.length || at[order[k + 1]] !== at[place]);
  return columnsOf(
    kept.map((place) => at[place]),
    kept.map((place) => series.values[place]),
  );
}

function columnsOf(steps, values) {
  return { steps: new Float64Array(steps), values: new Float64Array(values) };
}

/** The values of a quantity at the steps of the norm, from the column with most of them; its name goes to `columns`. */
function aligned(run, quantity, steps, columns) {
  let best = steps.map(() => NaN);
  let most = 0;
  for (const name of namesOf(run, quantity)) {
    const { steps: at, values } = byStep(run.series.get(name), run.numbered);
    let [shared, place] = [0, 0];
    const found = steps.map((step) => {
      while (at[place] < step) place++;
      if (at[place] !== step) return NaN;
      shared++;
      return values[place];
    });
    if (shared <= most) continue;
    most = shared;
    best = found;
    columns[quantity] = name;
  }
  return best;
}
