// Ticks: a few round numbers on a linear or a log axis.

import { withMinus } from "../../state/numbers.js";

/** About `count` round numbers between low and high. */
export function linearTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
  const ticks = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step)
    ticks.push(Number(value.toPrecision(12)));
  return ticks;
}

const signed = (value) => withMinus(String(value));
const CLOSE = 1e-4; // of its largest value: in a narrower range all labels would be alike

const CORNER = 0.04; // of a relief's axis, where the labels of two axes meet

/** The ticks of an axis that are not at its ends, where other axes begin. */
export function awayFromEnds(ticks, low, high) {
  const room = CORNER * (high - low);
  return ticks.filter(({ value }) => value > low + room && value < high - room);
}

/**
 * Title and labelled ticks of a linear axis. In a narrow range the labels are differences from its middle, in units of
 * a power of ten, as the title says.
 */
export function labelledTicks(name, low, high, count) {
  const width = high - low;
  const place = Math.max(Math.abs(low), Math.abs(high));
  if (width >= CLOSE * place) {
    const ticks = linearTicks(low, high, count).map((value) => ({ value, label: signed(value) }));
    return { title: name, ticks, narrow: false };
  }
  const power = Math.floor(Math.log10(width));
  const digits = Math.min(Math.max(1, Math.ceil(Math.log10(place)) - power + 1), 17);
  const base = Number((low + width / 2).toPrecision(digits));
  const ticks = linearTicks((low - base) / 10 ** power, (high - base) / 10 ** power, count);
  return {
    title: `(${name} ${base < 0 ? "+" : "−"} ${signed(Math.abs(base))}) · ${decadeLabel(-power)}`,
    ticks: ticks.map((times) => ({ value: base + times * 10 ** power, label: signed(times) })),
    narrow: true,
  };
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
  if (power >= -2 && power <= 3) return signed(Number((10 ** power).toPrecision(1)));
  const digits = [...String(Math.abs(power))].map((d) => SUPERSCRIPTS[Number(d)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
