// Progress: how much of a net's picture is done, and a way to stop it.

import { byId } from "./dom.js";

export function progressView(cancel) {
  const [box, bar, words] = ["progress", "progress-share", "progress-words"].map(byId);
  let shown = null;
  byId("cancel").addEventListener("click", cancel);
  return {
    sync({ progress }) {
      if (progress === shown) return;
      shown = progress;
      box.hidden = !progress;
      if (!progress) return;
      if (progress.share === null) bar.removeAttribute("value");
      else bar.value = progress.share;
      bar.title = progress.columns ? `${progress.columns} × ${progress.columns} points` : "";
      const [laying, training] = [progress.share === null, !progress.columns];
      words.textContent = laying ? "Laying the slice" : training ? "Training for the slice" : "Computing the surface";
    },
  };
}
