// Series: the values of every column by step, and the run that they make together, as in app/logs/series.py.

const LARGEST_COUNT = 64;

/** Increasing steps and their values; of several values for a step the last one counts. */
function byStep(series, numbered) {
  const at = numbered ? series.records : series.steps;
  const order = Array.from(at.keys()).sort((a, b) => at[a] - at[b] || a - b);
  const kept = order.filter((place, k) => k + 1 === order.length || at[order[k + 1]] !== at[place]);
  return { steps: kept.map((place) => at[place]), values: kept.map((place) => series.values[place]) };
}

/** All useful columns of one run while a log is read. */
function runColumns() {
  const found = new Map();
  let numbered = false;
  let last = -Infinity;

  function names(quantity) {
    const listed = [...found].filter(([, one]) => one.match.quantity === quantity);
    return listed.sort(([, a], [, b]) => a.match.rank - b.match.rank).map(([name]) => name);
  }

  function aligned(quantity, steps, columns) {
    let best = steps.map(() => NaN);
    let most = 0;
    for (const name of names(quantity)) {
      const { steps: at, values } = byStep(found.get(name), numbered);
      const places = new Map(at.map((step, k) => [step, k]));
      const shared = steps.filter((step) => places.has(step)).length;
      if (shared <= most) continue;
      most = shared;
      best = steps.map((step) => (places.has(step) ? values[places.get(step)] : NaN));
      columns[quantity] = name;
    }
    return best;
  }

  return {
    add(step, record, columns) {
      if (!step) numbered = true;
      else {
        numbered ||= Boolean(step.restarts) && step.value < last;
        last = step.value;
      }
      for (const [name, { match, value }] of columns) {
        if (!found.has(name) && found.size >= LARGEST_COUNT) continue;
        if (!found.has(name))
          found.set(name, { match, stepName: step?.name ?? "", steps: [], records: [], values: [] });
        const series = found.get(name);
        series.steps.push(step ? step.value : record);
        series.records.push(record);
        series.values.push(value);
      }
    },

    /** The run, or undefined if it has no gradient norm. */
    run() {
      const [name, ...others] = names("norm");
      if (name === undefined) return undefined;
      const norm = found.get(name);
      const { steps, values: norms } = byStep(norm, numbered);
      const columns = { norm: name, ...(numbered ? {} : { step: norm.stepName }) };
      const losses = aligned("loss", steps, columns);
      const rates = aligned("learning_rate", steps, columns);
      const repeated = norm.values.length - norms.length;
      return { steps, norms, losses, rates, columns, others, numbered, repeated, place: norm.match.place };
    },
  };
}

/** The runs of a log while it is read, record by record. */
export function logSeries(match, format, readNumber) {
  const runs = new Map();
  const counted = { records: 0, withNorm: 0 };

  function partsOf(values) {
    const key = format.runs.filter((name) => name in values);
    const label = key.map((name) => (name === "run" ? values[name] : `${name} ${values[name]}`)).join(", ");
    const found = new Map();
    let step;
    let hasNorm = false;
    for (const [whole, value] of Object.entries(values)) {
      const cut = format.separator ? whole.lastIndexOf(format.separator) : -1;
      const name = cut < 0 ? whole : whole.slice(cut + format.separator.length);
      const one = match(name);
      const number = one && readNumber(value);
      if (number === undefined) continue;
      if (one.quantity === "step") {
        if (!step || one.rank < step.rank) step = { rank: one.rank, name, value: number, restarts: one.restarts };
        continue;
      }
      hasNorm ||= one.quantity === "norm";
      const run = cut < 0 ? label : whole.slice(0, cut);
      if (!found.has(run)) found.set(run, new Map());
      found.get(run).set(name, { match: one, value: number });
    }
    return { step, found, hasNorm };
  }

  return {
    counted,

    /** Add a record; an error if a value that is needed is no number. */
    add(values) {
      counted.records++;
      const { step, found, hasNorm } = partsOf(values);
      if (step && !Number.isFinite(step.value)) throw new Error("a step must be finite");
      if (hasNorm) counted.withNorm++;
      const record = hasNorm ? counted.withNorm : counted.withNorm + 0.5;
      for (const [run, columns] of found) {
        if (!runs.has(run) && runs.size >= LARGEST_COUNT) continue;
        if (!runs.has(run)) runs.set(run, runColumns());
        runs.get(run).add(step, record, columns);
      }
    },

    /** The runs with a gradient norm, by name. */
    runs() {
      const listed = [...runs].map(([name, columns]) => /** @type {const} */ ([name, columns.run()]));
      return new Map(listed.filter(([, run]) => run));
    },
  };
}
