// Outcome overlay: where the Scene is on a picture, and the path of its run when the picture is of starts.

import { valueOf } from "../../state/runs/outcomes.js";
import { along } from "../../state/numbers.js";
import { pieces, prepared } from "../canvas/geometry.js";
import { drawPath } from "../canvas/paths.js";
import { runStyles } from "../canvas/run_style.js";
import { boxOf, shareMapping } from "./outcome_plane.js";

const RADIUS = 7; // pixels

/** The path of a run inside the picture; both axes are coordinates of the start. */
function drawRun(context, { run, trajectory, summary }, [x, y], step, box) {
  const { toPixel } = shareMapping(box);
  const place = (px, py) => toPixel(along(x).share(px), along(y).share(py));
  const inside = pieces(trajectory, [x.low, x.high, y.low, y.high], summary.last);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  drawPath(context, { pieces: inside, trajectory, summary, look: runStyles()[run], place, step, box });
  context.restore();
}

/** A ring at the Scene's own values. */
function drawRing(context, pixel) {
  const { ink, paper } = runStyles();
  context.beginPath();
  context.arc(pixel[0], pixel[1], RADIUS, 0, 2 * Math.PI);
  for (const [colour, width] of Object.entries({ [paper]: 6, [ink]: 3 })) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

/** `item` is the run of this picture, if there is one. */
export function drawOverlay(canvas, catalogue, { scene, outcomes }, item, step) {
  const context = prepared(canvas);
  const box = boxOf(canvas);
  const { axes } = outcomes;
  if (item && axes.every(({ name }) => name.startsWith("start."))) drawRun(context, item, axes, step, box);
  const [across, upward] = axes.map((axis) => along(axis).share(valueOf(catalogue, scene, axis.name)));
  // A value outside the range is not on the picture.
  if ([across, upward].some((share) => share < 0 || share > 1)) return;
  drawRing(context, shareMapping(box).toPixel(across, upward));
}
