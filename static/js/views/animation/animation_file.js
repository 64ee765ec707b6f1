// Animation file: the descent over map and relief as a GIF, WebM or MP4. The pictures are those of a figure at one step
// after the other. They do not depend on the screen, so the rate is constant.

import { projectionShown } from "../../state/runs/training.js";
import { nameOf } from "../files/exported_picture.js";
import { figureBlock, metadataOf } from "../figure/figure.js";
import { completeState } from "../figure/figure_file.js";
import { filmOf } from "./film.js";
import { gifBlob } from "./gif_file.js";
import { scheduleOf, shownSteps, stepOf } from "./schedule.js";
import { videoBlob } from "./video_file.js";

const REFUSED = "The animation cannot be exported, because";
const PROJECTION = `${REFUSED} the slice shows the projection of a training run and not the descent`;
const NO_STEPS = `${REFUSED} there is no step to show before the prediction`;

/** Wait for a task of its own, so that the page answers between two pictures. Timers are slow in hidden tabs. */
function nextTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}

/** Stop if nothing would move. */
function checkMoves(state) {
  if (projectionShown(state)) throw new Error(PROJECTION);
  if (!shownSteps(state)) throw new Error(NO_STEPS);
}

/** What the page shows, with the last step as the current one. */
async function wholeRuns(page, part, job) {
  checkMoves(page.store.get());
  const shown = await completeState(page, part, "animation", job);
  checkMoves(shown.state);
  return { ...shown, step: shownSteps(shown.state) };
}

/** The pictures of a film by a schedule, with progress; a picture waits until the page has answered. */
function scheduled(film, schedule, { report, signal }) {
  const { pictures: count } = schedule;
  return {
    ...film,
    width: film.canvas.width,
    height: film.canvas.height,
    count,
    draw: (k) => film.draw(stepOf(schedule, k)),
    async next(k) {
      report("Drawing the pictures", { share: (k + 1) / count, count: `${k + 1} of ${count}` });
      await nextTask();
      signal.throwIfAborted();
    },
  };
}

/**
 * The file `{name, blob}` of an animation. It shows the Scene that the page had when it began. `format` is "gif", "webm" or
 * "mp4", and `scale` is in pixels per unit.
 * @param {{store: any, runs: (state: any) => any[]}} page
 */
export async function animationFile(page, { part, format, scale, theme }, job) {
  const shown = await wholeRuns(page, part, job);
  const { state, runs, step } = shown;
  job.report("Drawing the figure", null);
  const metadata = metadataOf(part, shown);
  const block = await figureBlock(part, shown, { theme, scale, counted: true });
  const gif = format === "gif";
  const film = scheduled(await filmOf(block, metadata, { theme, scale, read: gif }), scheduleOf(step), job);
  job.signal.throwIfAborted();
  const blob = await (gif ? gifBlob(film, metadata) : videoBlob(film, metadata, format));
  return { name: nameOf(state, runs, part, format), blob };
}
