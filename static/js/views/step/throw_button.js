// Throw button: it takes the whole page to the step that throws a run, which an opened page, at the last step, does not show.

import { setText } from "../elements/dom.js";

/** The first step that throws one of the runs; undefined if none does. */
export function firstThrow(runs) {
  const thrown = runs.filter(({ summary }) => summary.thrown).map(({ summary }) => summary.thrown_step);
  return thrown.length ? Math.min(...thrown) : undefined;
}

/** `go(step)` shows a step. */
export function throwButton(button, go) {
  let step;
  button.addEventListener("click", () => go(step));
  return {
    sync(runs) {
      step = firstThrow(runs);
      // It keeps its place, so that nothing moves when a drag begins or ends a throw.
      button.disabled = step === undefined;
      const place = step === undefined ? "" : ` at step ${step.toLocaleString("en")}`;
      setText(button, `Go to the throw${place}`);
    },
  };
}
