// Schedule: the step that each picture of an animation shows. The rate is constant, and long runs are played faster.

import { SPEEDS, speedWithin } from "../../state/speed.js";

export const RATE = 20; // pictures per second
export const HOLD = 1; // seconds for which the last picture stays, in addition to its own time
const USUAL = SPEEDS.indexOf(10); // steps per second, as the page plays unless it is changed
const LONGEST = 15; // seconds within which a run is played, if there is a speed that does

/** How many steps a state shows: before the prediction of a lesson, those up to its question. */
export const shownSteps = ({ scene, hiddenAfter }) => hiddenAfter ?? scene.steps;

/**
 * How `steps` are played: the speed in steps per second, the number of pictures, and the seconds from the first picture to
 * the end.
 */
export function scheduleOf(steps) {
  const speed = SPEEDS[speedWithin(steps, LONGEST, USUAL)];
  const pictures = Math.ceil((steps * RATE) / speed) + 1;
  return { steps, speed, pictures, seconds: pictures / RATE + HOLD };
}

/** The step of picture `k`, fractions allowed; the last picture shows the last step. */
export function stepOf({ steps, speed }, k) {
  return Math.min((k * speed) / RATE, steps);
}

/** The schedule in words. */
export function scheduleText({ steps, speed, pictures, seconds }) {
  if (!steps) return "There is no step to show before the prediction.";
  return `${steps} steps, ${speed} per second: ${pictures} frames, ${Math.round(seconds)} seconds.`;
}
