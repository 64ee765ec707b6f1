// Names of columns: what each holds, by the tables that the server sends (app/logs/columns.py).

const NAMES = 10_000;
const LONGEST = 200;

/** A function that tells what a column of a name holds, its rank among the names for that, and where norms are from. */
export function columnNames(columns) {
  const tables = Object.entries(columns).flatMap(([quantity, listed]) =>
    listed.map((column, rank) => ({
      quantity,
      rank,
      pattern: new RegExp(`^(?:${column.pattern})$`),
      ...place(column),
    })),
  );
  const known = new Map();
  return (name) => {
    if (!known.has(name)) {
      if (known.size >= NAMES) return undefined;
      const lower = name.trim().toLowerCase();
      known.set(name, lower.length > LONGEST ? undefined : tables.find((one) => one.pattern.test(lower)));
    }
    return known.get(name);
  };
}

function place({ place, restarts }) {
  return { place, restarts };
}
