// Progress: how much of a network's picture is computed.

import { durationText } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { progressLine } from "../elements/progress_line.js";

const IDS = { box: "progress", bar: "progress-share", words: "progress-words", button: "cancel" };

export function progressText({ progress, surface, stopped }) {
  if (stopped) return surface ? `Stopped at ${surface.columns} × ${surface.columns} points` : "Stopped";
  if (progress.share === null) return "Computing the slice";
  if (!progress.columns) return "Training for the slice";
  const { columns, seconds } = progress;
  const size = `${columns} × ${columns} points take ${durationText(seconds)}`;
  return seconds ? `Computing the surface: ${size}` : "Computing the surface";
}

/** @param {{cancel: () => void, goOn: () => void}} requests */
export function progressView(requests) {
  const line = progressLine(IDS, "points", requests);

  function show({ progress, stopped: cancelled, surface }) {
    const stopped = cancelled && !progress;
    line(progress, stopped, progress || stopped ? progressText({ progress, surface, stopped }) : "");
  }

  return { sync: onChange((s) => [s.progress, s.stopped, s.surface], show) };
}
