// Progress: how much of a network's picture is computed, with a button that cancels or resumes it.

import { durationText } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";

export function progressText({ progress, surface, stopped }) {
  if (stopped) return surface ? `Stopped at ${surface.columns} × ${surface.columns} points` : "Stopped";
  if (progress.share === null) return "Computing the slice";
  if (!progress.columns) return "Training for the slice";
  const { columns, seconds } = progress;
  const size = `${columns} × ${columns} points take ${durationText(seconds)}`;
  return seconds ? `Computing the surface: ${size}` : "Computing the surface";
}

/** Without a value, the browser shows a moving bar: the share is unknown. */
function syncBar(bar, { share, columns }) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  bar.title = columns ? `${columns} × ${columns} points` : "";
}

/** @param {{cancel: () => void, goOn: () => void}} requests */
export function progressView({ cancel, goOn }) {
  const [box, bar, words, button] = ["progress", "progress-share", "progress-words", "cancel"].map(byId);
  let stopped = false;
  button.addEventListener("click", () => (stopped ? goOn() : cancel()));

  function show({ progress, stopped: cancelled, surface }) {
    stopped = cancelled && !progress;
    box.hidden = !progress && !stopped;
    if (box.hidden) return;
    words.textContent = progressText({ progress, surface, stopped });
    button.textContent = stopped ? "Resume" : "Cancel";
    bar.hidden = stopped;
    if (!stopped) syncBar(bar, progress);
  }

  return { sync: onChange((s) => [s.progress, s.stopped, s.surface], show) };
}
