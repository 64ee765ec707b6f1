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

const signed = (value) => String(value).replaceAll("-", "−");
const CLOSE = 1e-4; // share of its place below which a range's ends can no longer be told apart by their labels

const CORNER = 0.04; // of a relief's axis, where the labels of two axes meet

/** Those of an axis' ticks that no other axis begins at. */
export function awayFromEnds(ticks, low, high) {
  const room = CORNER * (high - low);
  return ticks.filter(({ value }) => value > low + room && value < high - room);
}

/** Ticks of a linear axis with labels; of a narrow range, multiples of a power from its middle, as the title says. */
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
    title: `(${name} ${base < 0 ? "+" : "−"} ${Math.abs(base)}) · ${decadeLabel(-power)}`,
    ticks: ticks.map((times) => ({ value: base + times * 10 ** power, label: signed(times) })),
    narrow: true,
  };
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
