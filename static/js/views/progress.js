// Progress: how much of a net's picture is done, and a way to stop it.

import { byId } from "./dom.js";

export function progressView(cancel) {
  const [box, bar] = ["progress", "progress-share"].map(byId);
  let shown = null;
  byId("cancel").addEventListener("click", cancel);
  return {
    sync({ progress }) {
      if (progress === shown) return;
      shown = progress;
      box.hidden = !progress;
      if (!progress) return;
      bar.value = progress.share;
      bar.title = `${progress.columns} × ${progress.columns} points`;
    },
  };
}
