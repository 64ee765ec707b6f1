// The curves with their pointers.

import { entryOf, thresholdOf } from "../../state/scene/lookup.js";
import { held } from "../../state/scene/validation.js";
import { remembers } from "../../state/runs/trajectories.js";
import { CURVES, drawCurve } from "./curves.js";
import { pointInto } from "./curve_pointer.js";
import { make, byId } from "../elements/dom.js";

export function curvesView({ catalogue, store, change, show, pause }) {
  const scales = {};

  const threshold = (curve) => {
    const { value, curve: bounded } = thresholdOf(store.get().scene);
    return curve.name === bounded ? value : 0;
  };
  const nearest = (step) => Math.min(Math.max(Math.round(step), 0), store.get().scene.steps);

  function drag(value, done) {
    change((scene) => {
      const parameter = entryOf("clip", scene.clip.kind).parameters.find((p) => p.name === "threshold");
      const tidy = held(parameter, Number(value.toPrecision(3)));
      return { ...scene, clip: { ...scene.clip, threshold: tidy } };
    }, done);
    store.set({ dragging: !done });
  }

  const canvases = CURVES.map((curve) => {
    const canvas = make("canvas", {
      id: `curve-${curve.name}`,
      role: "img",
      "aria-label": `Curve of the ${curve.title}`,
    });
    const grip = make("div", { className: "grip", hidden: true });
    const figure = make("figure", { hidden: Boolean(curve.optional) }, canvas, grip);
    byId("curves").append(figure);
    pointInto(canvas, grip, {
      scale: () => scales[curve.name],
      threshold: () => threshold(curve),
      hover: (step) => store.set({ hover: step === null || store.get().playing ? null : nearest(step) }),
      scrub(step) {
        pause();
        show(nearest(step));
      },
      drag,
    });
    return { canvas, grip, figure };
  });

  return {
    draw(state, runs, step) {
      const memory = remembers(runs);
      byId("curves").classList.toggle("four", memory);
      CURVES.forEach((curve, k) => {
        const { canvas, grip, figure } = canvases[k];
        if (curve.optional) figure.hidden = !memory;
        if (figure.hidden) return;
        scales[curve.name] = drawCurve(canvas, curve, {
          runs,
          steps: state.scene.steps,
          step,
          threshold: threshold(curve),
        });
        grip.hidden = !threshold(curve);
        if (!grip.hidden) grip.style.transform = `translateY(${scales[curve.name].y(threshold(curve))}px)`;
      });
    },
  };
}
