// Outcome overlay: a ring at the Scene's own values, and the path of its run if the axes are the start's coordinates.

import { valueOf } from "../../state/scene/sweep_axes.js";
import { along } from "../../state/numbers.js";
import { drawWithin, fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { strokeCased } from "../canvas/stroke.js";
import { drawPath } from "../paths/path.js";
import { boxOf, shareMapping } from "./outcome_plane.js";

const RADIUS = 7; // pixels

/** The path of a run inside the picture; both axes are coordinates of the start. */
function drawRun(context, { run, trajectory, summary }, [x, y], step, box) {
  const { toPixel } = shareMapping(box);
  const place = (px, py) => toPixel(along(x).share(px), along(y).share(py));
  const placedBy = [x, y, box.left, box.top, box.width, box.height];
  const path = { trajectory, summary, style: runStyles()[run], place, placedBy, step, box };
  const window = [x.low, x.high, y.low, y.high];
  drawWithin(context, box, () => drawPath(context, { ...path, window }));
}

/** A ring at the Scene's own values. */
function drawRing(context, pixel) {
  const { ink, paper } = runStyles();
  context.beginPath();
  context.arc(pixel[0], pixel[1], RADIUS, 0, 2 * Math.PI);
  strokeCased(context, { colour: paper, width: 6 }, { colour: ink, width: 3 });
}

/** `item` is the run of this picture, if there is one. */
export function drawOverlay(canvas, { scene, outcomes }, item, step) {
  const context = fitContext(canvas);
  const box = boxOf(canvas);
  const { axes } = outcomes;
  // A path is a curve in the plane of the parameters, so other axes cannot show it.
  if (item && axes.every(({ name }) => name.startsWith("start."))) drawRun(context, item, axes, step, box);
  const [across, upward] = axes.map((axis) => along(axis).share(valueOf(scene, axis.name)));
  // A value outside the range has no place on the picture.
  if ([across, upward].some((share) => share < 0 || share > 1)) return;
  drawRing(context, shareMapping(box).toPixel(across, upward));
}
