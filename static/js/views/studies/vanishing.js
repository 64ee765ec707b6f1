// Vanishing: derivatives of a chain at the start, as functions of its length.

import { drawLogPlot } from "../canvas/log_plot.js";

const ALL = 300; // powers of ten on the axis, about the range of a float64
const LENGTH = "length of the chain T (dotted: negative)";

export const vanishing = {
  title: "Derivatives over T",
  lead: "Slope and curvature at the start by the length of the chain.",
  pictures: [
    {
      label:
        "First derivative, second derivative and Gauss-Newton curvature at the start, for every length of the chain",
      quantity: "the derivatives",
      about:
        "Slope (first) and curvature (second derivative, and its Gauss-Newton approximation) of the loss at the start. " +
        "Each step of the chain multiplies them by a factor, so they grow or vanish exponentially with the length T.",
    },
    {
      label:
        "First derivative divided by the second derivative and by the Gauss-Newton curvature, for every length of the chain",
      quantity: "the ratios",
      about:
        "Length of a Newton step, which divides the slope by a curvature: the second derivative, the Gauss-Newton " +
        "curvature, or the latter with damping. The ratio can stay of use where slope and curvature both vanish.",
    },
  ],

  draw(frame, scene, [derivatives, ratios]) {
    const { first, second, gauss_newton, newton, gauss_newton_step, damped_step, axis, damping } = frame;
    const options = { below: LENGTH, span: ALL, mark: scene.landscape.sequence_length, ends: true };
    drawLogPlot(
      derivatives,
      `derivatives with respect to ${axis}`,
      [
        { values: second, label: "second", strong: false },
        { values: gauss_newton, label: "Gauss-Newton", strong: false },
        { values: first, label: "first", strong: true },
      ],
      options,
    );
    drawLogPlot(
      ratios,
      "first derivative divided by curvature",
      [
        { values: gauss_newton_step, label: "Gauss-Newton", strong: false },
        { values: damped_step, label: `damped by ${damping}`, strong: false },
        { values: newton, label: "second", strong: true },
      ],
      options,
    );
  },
};
