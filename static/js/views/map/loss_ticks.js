// Loss ticks: round losses along a vertical axis, that of the relief or of a curve.

import { formatNumber } from "../../state/numbers.js";
import { decadeLabel, decadeTicks, labelledTicks } from "../canvas/ticks.js";
import { isLogarithmic, toHeight, toValue } from "../canvas/value_scale.js";

const COUNT = 5; // labels, about
const POWERS = 4; // labels of powers of ten, about
const CLOSE = 0.04; // share of the axis within which two labels would touch
const LARGEST = 308; // the largest power of ten in float64
const SMALLEST = -2; // the power of ten below which the log scale is linear

function powerLabel(value) {
  if (value === 0) return "0";
  return `${value < 0 ? "−" : ""}${decadeLabel(Math.round(Math.log10(Math.abs(value))))}`;
}

/** Zero and powers of ten, positive and negative, whose heights lie between two heights. */
function powerTicks(low, high) {
  const farthest = Math.max(Math.abs(low), Math.abs(high));
  const nearest = Math.max(low, -high, 0);
  // The axis goes on a little above the highest loss, where there may be no number in float64.
  const largest = Math.min(Math.floor(Math.log10(toValue(farthest, "log"))), LARGEST);
  const smallest = Math.max(Math.ceil(Math.log10(toValue(nearest, "log"))), SMALLEST);
  const powers = decadeTicks(smallest, Math.max(smallest, largest), POWERS);
  const values = [...powers.map((power) => -(10 ** power)), 0, ...powers.map((power) => 10 ** power)];
  return values
    .filter((value) => {
      const height = toHeight(value, "log");
      return height >= low && height <= high && (value === 0 || Math.abs(height) > CLOSE * (high - low));
    })
    .map((value) => ({ value, label: powerLabel(value) }));
}

/** Title and ticks of the losses between two shares of a scale. */
export function lossTicks(seen, first, last) {
  const { scale, low, high, flat, finite, infinite } = seen;
  if (!finite) return { title: infinite ? "loss: Inf" : "loss: NaN", ticks: [] };
  if (flat)
    return { title: "loss, flat", ticks: [{ value: toValue(low, scale), label: formatNumber(toValue(low, scale)) }] };
  const heightAt = (share) => low + share * (high - low);
  const ends = [heightAt(first), heightAt(last)];
  const powers = scale === "log" ? powerTicks(ends[0], ends[1]) : [];
  if (powers.length > 2) return { title: "loss, log scale", ticks: powers };
  const [from, to] = ends.map((height) => toValue(height, scale));
  const { title, ticks } = labelledTicks("loss", from, to, COUNT);
  return { title: isLogarithmic(seen) ? `${title}, log scale` : title, ticks };
}
