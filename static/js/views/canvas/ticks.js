// Ticks: a few round numbers on a linear or a log axis.

import { withMinus } from "../../state/numbers.js";

/** About `count` round numbers between low and high. */
export function linearTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
  const ticks = [];
  // Repeated addition accumulates rounding errors: the last tick may be just above `high`, and digits are cut to 12.
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step)
    ticks.push(Number(value.toPrecision(12)));
  return ticks;
}

const formatTick = (value) => withMinus(String(value).replace("e+", "e"));
const CLOSE = 1e-4; // share of the largest value: in a narrower range all labels would be the same
const LONGEST = 5; // characters of a label that fits next to an axis, without its sign
const WIDE = 0.1; // share of the largest value: a wider range is labelled from 0

const CORNER = 0.04; // share of a relief's axis, at its ends, where the labels of two axes meet

/** The ticks of an axis that are not at its ends, where other axes begin. */
function awayFromEnds(ticks, low, high) {
  const room = CORNER * (high - low);
  return ticks.filter(({ value }) => value > low + room && value < high - room);
}

/** The title of an axis whose labels are differences from `base` in units of a power of ten. */
function titleOf(name, base, power) {
  const difference = base === 0 ? name : `${name} ${base < 0 ? "+" : "−"} ${formatTick(Math.abs(base))}`;
  if (power === 0) return difference;
  return `${base === 0 ? name : `(${difference})`} · ${decadeLabel(-power)}`;
}

/**
 * Title and labelled ticks of a linear axis. In a narrow range, and where labels would be long, the labels are
 * differences from its middle, in units of a power of ten, as the title says.
 */
export function labelledTicks(name, low, high, count) {
  const width = high - low;
  const place = Math.max(Math.abs(low), Math.abs(high));
  if (width >= CLOSE * place) {
    const ticks = linearTicks(low, high, count).map((value) => ({ value, label: formatTick(value) }));
    if (ticks.every(({ label }) => label.replace("−", "").length <= LONGEST)) return { title: name, ticks };
  }
  const power = Math.floor(Math.log10(width));
  const digits = Math.min(Math.max(1, Math.ceil(Math.log10(place)) - power + 1), 17);
  const base = width >= WIDE * place ? 0 : Number((low + width / 2).toPrecision(digits));
  const ticks = linearTicks((low - base) / 10 ** power, (high - base) / 10 ** power, count);
  return {
    title: titleOf(name, base, power),
    ticks: ticks.map((times) => ({ value: base + times * 10 ** power, label: formatTick(times) })),
  };
}

const COUNTS = [5, 8]; // of ticks

/** Title and ticks of a relief's axis: about five, or a few more where the only one would be in the middle. */
export function innerTicks(name, low, high) {
  const found = COUNTS.map((count) => {
    const { title, ticks } = labelledTicks(name, low, high, count);
    return { title, ticks: awayFromEnds(ticks, low, high) };
  });
  return found.find(({ ticks }) => ticks.length > 1) ?? found[0];
}

/** Exponents of about `count` powers of ten, between the exponents low and high. */
export function decadeTicks(low, high, count) {
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const ticks = [];
  for (let power = Math.ceil(low / every) * every; power <= high; power += every) ticks.push(power);
  return ticks;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as a label, from its exponent. */
export function decadeLabel(power) {
  if (power >= -2 && power <= 3) return formatTick(Number((10 ** power).toPrecision(1)));
  const digits = [...String(Math.abs(power))].map((d) => SUPERSCRIPTS[Number(d)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
