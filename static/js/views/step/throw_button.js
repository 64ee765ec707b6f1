// Throw button: it takes the whole page to a step that throws a run, which an opened page, at the last step, does not show.

import { setText } from "../elements/dom.js";

const WHOSE = { without: "without clipping", with: "with clipping" };

/**
 * The first throw after `step`, or else the first of all: its step, and the runs that are thrown there; undefined if no run
 * is thrown. So one button after another leads to every throw.
 */
export function nextThrow(runs, step) {
  const thrown = runs.filter(({ summary }) => summary.thrown);
  const steps = thrown.map(({ summary }) => summary.thrown_step).sort((one, other) => one - other);
  if (!steps.length) return undefined;
  const next = steps.find((one) => one > step) ?? steps[0];
  return {
    step: next,
    runs: thrown.filter(({ summary }) => summary.thrown_step === next).map(({ run }) => run),
  };
}

function words({ step, runs }) {
  const whose = runs.length > 1 ? "in both runs" : WHOSE[runs[0]];
  return `Go to the throw at step ${step.toLocaleString("en")}, ${whose}`;
}

/** `go(step)` shows a step. */
export function throwButton(button, go) {
  let found;
  button.addEventListener("click", () => go(found.step));
  return {
    sync(runs, step) {
      found = nextThrow(runs, step);
      // It keeps its place, so that nothing moves when a drag begins or ends a throw.
      button.disabled = !found;
      setText(button, found ? words(found) : "Go to the throw");
    },
  };
}
