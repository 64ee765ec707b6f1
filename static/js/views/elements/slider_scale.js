// Slider scale: a declared range as the notches of a slider, linear or logarithmic.

import { clampValue } from "../../state/scene/validation.js";
import { along } from "../../state/numbers.js";

const NOTCHES = 1000;

/**
 * A logarithmic slider of whole numbers: every notch is another number, and the small ones have all their neighbours.
 * The bounds may become narrower later, so a value is held to them when it is read.
 */
function wholeNumbers(parameter) {
  const { value, share } = along(parameter);
  const spaced = Array.from({ length: NOTCHES + 1 }, (_, k) => clampValue(parameter, value(k / NOTCHES)));
  const numbers = [...new Set(spaced)];
  const distance = (number, v) => Math.abs(share(number) - share(v));
  const nearest = (v) =>
    numbers.reduce((best, one, k) => (distance(one, v) < distance(numbers[best], v) ? k : best), 0);
  return {
    notches: numbers.length - 1,
    value: (notch) => clampValue(parameter, numbers[Number(notch)]),
    notch: nearest,
  };
}

/** The number of notches, the value at a notch (rounded and within bounds) and the notch nearest to a value. */
export function sliderScale(parameter) {
  const whole = parameter.type === "int";
  if (whole && parameter.log) return wholeNumbers(parameter);
  // Each whole number has its own notch, so that an arrow key changes it by one.
  const notches = whole ? parameter.high - parameter.low : NOTCHES;
  const { value, share } = along(parameter);
  const round = (v) => clampValue(parameter, whole ? v : Number(v.toPrecision(3)));
  return {
    notches,
    value: (notch) => round(value(Number(notch) / notches)),
    notch: (v) => Math.round(share(v) * notches),
  };
}
