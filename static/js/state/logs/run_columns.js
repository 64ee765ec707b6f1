// The columns of one run while a log is read, and the run that they make together, as in app/logs/series.py. The columns of a
// run are Float64Arrays.

export const LARGEST_COUNT = 64;
const FIRST = 64; // values for which a column has room at first

/** The columns of a run, without records. */
export function emptyColumns() {
  return { series: new Map(), numbered: false, last: -Infinity };
}

/** Add a value of a record to the column `name`. `step` is undefined if the record has none. */
export function addValue(run, step, record, { name, match }, value) {
  if (!step) run.numbered = true;
  else {
    run.numbered ||= Boolean(step.restarts) && step.value < run.last;
    run.last = step.value;
  }
  let one = run.series.get(name);
  if (!one) {
    if (run.series.size >= LARGEST_COUNT) return;
    one = { match, stepName: step?.name ?? "", ...emptySeries() };
    run.series.set(name, one);
  }
  if (one.count === one.values.length) grow(one);
  one.steps[one.count] = step ? step.value : record;
  one.records[one.count] = record;
  one.values[one.count++] = value;
}

/** The values of a column, with their steps and the numbers of their records: the first `count` of each array. */
function emptySeries() {
  const [steps, records, values] = Array.from({ length: 3 }, () => new Float64Array(FIRST));
  return { count: 0, steps, records, values };
}

/** Room for as many values again. */
function grow(series) {
  for (const name of ["steps", "records", "values"]) {
    const longer = new Float64Array(2 * series.count);
    longer.set(series[name]);
    series[name] = longer;
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
  const repeated = norm.count - norms.length;
  return { steps, norms, losses, rates, columns, others, numbered: run.numbered, repeated, place: norm.match.place };
}

/** The columns with a quantity, the preferred ones first. */
function namesOf({ series }, quantity) {
  const listed = [...series].filter(([, one]) => one.match.quantity === quantity);
  return listed.sort(([, a], [, b]) => a.match.rank - b.match.rank).map(([name]) => name);
}

/** Increasing steps and their values; of several values for a step the last one counts. */
function byStep(series, numbered) {
  const at = (numbered ? series.records : series.steps).subarray(0, series.count);
  const values = series.values.subarray(0, series.count);
  // As in almost every log, which may have millions of records.
  if (at.every((step, k) => k === 0 || at[k - 1] < step)) return { steps: at, values };
  const order = Array.from(at.keys()).sort((a, b) => at[a] - at[b] || a - b);
  const kept = order.filter((place, k) => k + 1 === order.length || at[order[k + 1]] !== at[place]);
  const columnOf = (column) => Float64Array.from(kept, (place) => column[place]);
  return { steps: columnOf(at), values: columnOf(values) };
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
