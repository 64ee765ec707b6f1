// Progress line: how much of a picture is computed, with a button that cancels or resumes it.

import { byId, setText } from "./dom.js";

/** Without a value, the browser shows a moving bar: the share is unknown. */
function syncBar(bar, { share, columns }, points) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  bar.title = columns ? `${columns} × ${columns} ${points}` : "";
}

/**
 * The line in the elements with these ids; `points` says what its picture is made of.
 * @param {{box: string, bar: string, words: string, button: string}} ids
 * @param {string} points
 * @param {{cancel: () => void, goOn: () => void}} act
 */
export function progressLine(ids, points, { cancel, goOn }) {
  const [box, bar, words, button] = [ids.box, ids.bar, ids.words, ids.button].map(byId);
  let stopped = false;
  button.addEventListener("click", () => (stopped ? goOn() : cancel()));

  /** Without `progress` it says that the picture is `stopped`, or is hidden. */
  return function show(progress, isStopped, text) {
    stopped = isStopped && !progress;
    box.hidden = !progress && !stopped;
    if (box.hidden) return;
    setText(words, text);
    setText(button, stopped ? "Resume" : "Cancel");
    bar.hidden = stopped;
    if (!stopped) syncBar(bar, progress, points);
  };
}
