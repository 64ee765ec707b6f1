// Start ring: where the runs start, in an exported figure. On the page, a handle is there.

import { runStyles } from "../canvas/run_style.js";
import { strokeCased } from "../canvas/stroke.js";

export const RADIUS = 5.5;

/** @param {number[]} pixel */
export function drawStartRing(context, pixel, paper = runStyles().paper) {
  context.beginPath();
  context.arc(pixel[0], pixel[1], RADIUS, 0, 2 * Math.PI);
  context.setLineDash([]);
  strokeCased(context, { colour: paper, width: 5 }, { colour: runStyles().ink, width: 2 });
}
