// Progress: how much of a net's picture is done, a way to stop it and a way to go on.

import { onChange } from "../../state/store.js";
import { byId } from "../elements/dom.js";

function wordsFor({ progress, surface, stopped }) {
  if (stopped) return surface ? `Stopped at ${surface.columns} × ${surface.columns} points` : "Stopped";
  if (progress.share === null) return "Laying the slice";
  return progress.columns ? "Computing the surface" : "Training for the slice";
}

/** @param {{cancel: () => void, goOn: () => void}} requests */
export function progressView({ cancel, goOn }) {
  const [box, bar, words, button] = ["progress", "progress-share", "progress-words", "cancel"].map(byId);
  button.addEventListener("click", () => (button.dataset.does === "go on" ? goOn() : cancel()));
  return {
    sync: onChange(
      (s) => [s.progress, s.stopped, s.surface],
      ({ progress, stopped, surface }) => {
        const resting = stopped && !progress;
        box.hidden = !progress && !resting;
        if (box.hidden) return;
        words.textContent = wordsFor({ progress, surface, stopped: resting });
        button.textContent = resting ? "Go on" : "Cancel";
        button.dataset.does = resting ? "go on" : "cancel";
        bar.hidden = resting;
        if (resting) return;
        if (progress.share === null) bar.removeAttribute("value");
        else bar.value = progress.share;
        bar.title = progress.columns ? `${progress.columns} × ${progress.columns} points` : "";
      },
    ),
  };
}
