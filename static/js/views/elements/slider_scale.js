// Slider scale: a declared range as the notches of a slider, linear or logarithmic.

import { clampValue } from "../../state/scene/validation.js";
import { along } from "../../state/numbers.js";

const NOTCHES = 1000;

/** The number of notches, the value at a notch (rounded and within bounds) and the notch nearest to a value. */
export function sliderScale(parameter) {
  const whole = parameter.type === "int";
  // Each whole number has its own notch, so that an arrow key changes it by one.
  const notches = whole && !parameter.log ? parameter.high - parameter.low : NOTCHES;
  const { value, share } = along(parameter);
  const round = (v) => clampValue(parameter, whole ? v : Number(v.toPrecision(3)));
  return {
    notches,
    value: (notch) => round(value(Number(notch) / notches)),
    notch: (v) => Math.round(share(v) * notches),
  };
}
