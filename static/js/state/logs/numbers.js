// Numbers of logs, by the rules of app/logs/numbers.py.

const NUMBER = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)$/i;
const MISSING = new Set(["", "none", "null", "n/a", "-"]);
const LONGEST = 400;

/** The value as a number, which may be Inf or NaN; undefined if there is none. An error if it is something else. */
export function readNumber(value) {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (text.length <= LONGEST && NUMBER.test(text)) {
    const number = Number(text);
    return Number.isNaN(number) ? namedNumber(text.toLowerCase()) : number;
  }
  if (MISSING.has(text.toLowerCase())) return undefined;
  throw new Error("not a number");
}

function namedNumber(text) {
  if (text.endsWith("nan")) return NaN;
  return text.startsWith("-") ? -Infinity : Infinity;
}
