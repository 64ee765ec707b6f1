// Ticks: a few round numbers on a linear or a log axis.

export function linearTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
  const ticks = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step)
    ticks.push(Number(value.toPrecision(12)));
  return ticks;
}

/** Powers of ten, thinned out to about `count`; low and high are exponents. */
export function decadeTicks(low, high, count) {
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const ticks = [];
  for (let power = Math.ceil(low / every) * every; power <= high; power += every) ticks.push(power);
  return ticks;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export function decadeLabel(power) {
  if (power >= -2 && power <= 3) return String(Number((10 ** power).toPrecision(1)));
  const digits = [...String(Math.abs(power))].map((d) => SUPERSCRIPTS[Number(d)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}
