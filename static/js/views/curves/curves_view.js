// Curves view: the curves on the page, and what the pointer does on them.

import { entryOf, thresholdOf } from "../../state/scene/lookup.js";
import { isLocked } from "../../state/presentation.js";
import { clampValue } from "../../state/scene/validation.js";
import { hasMemory } from "../../state/runs/trajectories.js";
import { CURVES, drawCurve } from "./curves.js";
import { pointInto } from "./curve_pointer.js";
import { make, byId } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";

/** Elements of a curve, added to the page. */
function figureOf(curve) {
  const canvas = make("canvas", {
    id: `curve-${curve.name}`,
    role: "img",
    "aria-label": `Curve of the ${curve.title}`,
  });
  const hint = make("span", { className: "hint", "data-hint": "threshold" }, "↕ drag me");
  const grip = make("div", { className: "grip", hidden: true }, hint);
  const info = infoButton(`the ${curve.title}`, curve.about);
  const figure = make("figure", { hidden: Boolean(curve.optional) }, canvas, grip, info);
  byId("curves").append(figure);
  return { canvas, grip, figure };
}

/** The threshold as it is dragged: three digits, within its bounds. */
function thresholdDrag({ store, change }) {
  return (value, done) => {
    change((scene) => {
      const { parameters } = entryOf("clip", scene.clip.kind);
      const parameter = parameters.find(({ name }) => name === "threshold");
      const threshold = clampValue(parameter, Number(value.toPrecision(3)));
      return { ...scene, clip: { ...scene.clip, threshold } };
    }, done);
    store.set({ dragging: !done });
  };
}

/** One curve: `draw(runs, steps, step)`. */
function curveView(curve, { store, thresholdFor, drag, show, pause }) {
  const { canvas, grip, figure } = figureOf(curve);
  const nearest = (step) => Math.min(Math.max(Math.round(step), 0), store.get().scene.steps);
  let scale = null;
  pointInto(canvas, grip, {
    scale: () => scale,
    // Without a threshold there is no line to drag.
    threshold: () => (isLocked("clip.threshold") ? 0 : thresholdFor(curve)),
    // While the animation plays, the page shows its step and not the one under the pointer.
    hover: (step) => store.set({ hover: step === null || store.get().playing ? null : nearest(step) }),
    scrub(step) {
      pause();
      show(nearest(step));
    },
    drag,
  });
  return {
    draw(runs, steps, step) {
      if (curve.optional) figure.hidden = !hasMemory(runs);
      if (figure.hidden) return;
      const threshold = thresholdFor(curve);
      scale = drawCurve(canvas, curve, { runs, steps, step, threshold });
      grip.hidden = !threshold || isLocked("clip.threshold");
      if (threshold) grip.style.transform = `translateY(${scale.y(threshold)}px)`;
    },
  };
}

export function curvesView({ store, change, show, pause }) {
  /** The threshold that bounds a curve, or 0. */
  const thresholdFor = ({ name }) => {
    const { value, curve } = thresholdOf(store.get().scene);
    return name === curve ? value : 0;
  };
  const drag = thresholdDrag({ store, change });
  const curves = CURVES.map((curve) => curveView(curve, { store, thresholdFor, drag, show, pause }));
  byId("threshold-words").hidden = isLocked("clip.threshold");
  return {
    draw({ scene }, runs, step) {
      byId("curves").classList.toggle("four", hasMemory(runs));
      for (const curve of curves) curve.draw(runs, scene.steps, step);
    },
  };
}
