// Map: the loss from above. A heat image on a canvas, contour lines and axes by Plotly, and what moves on an
// overlay. The image and the overlay need no Plotly, so the map is there before Plotly is.

import { formatNumber } from "../../state/numbers.js";
import { drawnArray, lookup, themeName, undrawn } from "../canvas/colour.js";
import { boxWithin, mapping, pieces, prepared } from "../canvas/geometry.js";
import { drawInset } from "./inset.js";
import { runStyles } from "../canvas/run_style.js";
import { drawLabel, drawPath } from "../canvas/paths.js";
import { drawProjection } from "../canvas/projection.js";
import { labelledTicks } from "../canvas/ticks.js";

export const MARGIN = { left: 48, right: 14, top: 10, bottom: 44 };

export function boxOf(element) {
  return boxWithin(element, MARGIN);
}

/** Paint the heat image of a surface, smoothed between grid points. */
export function paintHeat(canvas, surface, box, scale, quantity) {
  const { values, low, high } = drawnArray(surface[quantity], scale);
  const colours = lookup(themeName());
  const { columns, rows } = surface;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    const target = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const share = (values[row * columns + column] - low) / (high - low);
      // NaN has no colour of the scale: it is left transparent.
      if (share === share) pixels[target + column] = colours[Math.min(255, Math.max(0, Math.round(share * 255)))];
    }
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d").putImageData(image, 0, 0);
  const context = prepared(canvas);
  context.imageSmoothingQuality = "high";
  // Grid points are the centres of the image's pixels: half a cell is cut off on every side.
  drawLegend(context, box, { low, high, scale, quantity, colours });
  context.drawImage(small, 0.5, 0.5, columns - 1, rows - 1, box.left, box.top, box.width, box.height);
}

/** What the colours mean: a bar with both ends' values, under the map. */
function drawLegend(context, box, { low, high, scale, quantity, colours }) {
  const { muted, font, size } = runStyles();
  const plain = (v) => undrawn(v, scale);
  const value = (v) => formatNumber(Math.abs(plain(v)) < 1e-4 * Math.abs(plain(high)) ? 0 : plain(v));
  const top = box.top + box.height + 33;
  context.font = `${size * 0.82}px ${font}`;
  context.fillStyle = muted;
  context.textBaseline = "middle";
  const lead = `${quantity.replace("_", " ")} ${value(low)}`;
  context.fillText(lead, box.left, top + 4);
  const left = box.left + context.measureText(lead).width + 6;
  // On a phone the buttons stand beside it: a shorter bar, and the controls name the scale.
  const roomy = box.width > ROOMY;
  const length = roomy ? 64 : 32;
  for (let k = 0; k < length; k++) {
    const colour = colours[Math.floor((k * 256) / length)];
    context.fillStyle = `rgb(${colour & 255}, ${(colour >> 8) & 255}, ${(colour >> 16) & 255})`;
    context.fillRect(left + k, top, 1.5, 8);
  }
  context.fillStyle = muted;
  context.fillText(`≥ ${value(high)}${roomy && scale === "log" ? ", log" : ""}`, left + length + 6, top + 4);
}

/** Where the axes' names lie, about: what moves is labelled beside them. */
function plates({ axes }, box) {
  const { size } = runStyles();
  const [right, up] = axes.map((name) => 0.62 * size * name.length + 12);
  const height = size + 10;
  return [
    [box.left, box.top, up, height],
    [box.left + box.width - right, box.top + box.height - height, right, height],
  ];
}

const ROOMY = 300; // pixels of a map beside whose buttons the whole legend fits
const SHORT = 3; // letters of a name that is read without a plate

/** Contour lines and axes. */
export function paintContours(Plotly, element, surface, axes, scale) {
  const look = runStyles();
  const { values, low, high } = drawnArray(surface.loss, scale);
  const [left, right, bottom, top] = surface.window;
  const z = Array.from({ length: surface.rows }, (_, row) =>
    values.subarray(row * surface.columns, (row + 1) * surface.columns),
  );
  const step = (a, b, n) => (b - a) / (n - 1);
  const trace = {
    type: "contour",
    z,
    x0: left,
    dx: step(left, right, surface.columns),
    y0: bottom,
    dy: step(bottom, top, surface.rows),
    autocontour: false,
    contours: {
      coloring: "none",
      start: low + (high - low) / 9,
      end: high - (high - low) / 18,
      size: (high - low) / 9,
    },
    line: { color: look.ink, width: 0.6 },
    opacity: 0.35,
    hoverinfo: "skip",
    showscale: false,
  };
  const named = [0, 1].map((k) => labelledTicks(axes[k], ...surface.window.slice(2 * k, 2 * k + 2), 3));
  const axis = (range, { ticks, narrow }) => ({
    range,
    ...(narrow && { tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ label }) => label) }),
    zeroline: false,
    showgrid: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: look.muted,
    linecolor: look.line,
    showline: true,
    mirror: true,
    fixedrange: true,
    nticks: 6,
  });
  const titles = named.map(({ title }) => title);
  const name = (text) => ({
    text,
    xref: "paper",
    yref: "paper",
    showarrow: false,
    font: { color: look.ink },
    // A short name needs no plate, and a plate hides the picture.
    ...(text.length > SHORT && { bgcolor: look.paper, opacity: 0.8, borderpad: 1 }),
  });
  const layout = {
    margin: { l: MARGIN.left, r: MARGIN.right, t: MARGIN.top, b: MARGIN.bottom, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    font: { family: look.font, size: look.size, color: look.muted },
    xaxis: axis([left, right], named[0]),
    yaxis: axis([bottom, top], named[1]),
    // The axes are named at their ends: beside the ticks there is no room, and below are the legend and the buttons.
    annotations: [
      { ...name(titles[1]), x: 0, y: 1, xanchor: "left", yanchor: "top", xshift: 4, yshift: -2 },
      { ...name(titles[0]), x: 1, y: 0, xanchor: "right", yanchor: "bottom", xshift: -4, yshift: 2 },
    ],
    width: element.clientWidth,
    height: element.clientHeight,
  };
  return Plotly.react(element, [trace], layout, { staticPlot: true, responsive: false });
}

function drawMinima(context, surface, place, valley) {
  const { ink, paper } = runStyles();
  const points = [];
  for (let k = 0; k < surface.minima.length; k += 2) points.push(place(surface.minima[k], surface.minima[k + 1]));
  if (valley && points.length > 1) {
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.setLineDash([1, 4]);
    context.lineCap = "round";
    for (const [colour, width] of [
      [paper, 3.5],
      [ink, 1.6],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
    context.setLineDash([]);
    context.lineCap = "butt";
    return;
  }
  for (const [x, y] of points) {
    context.beginPath();
    for (const [a, b] of [
      [-5, 0],
      [0, -5],
    ]) {
      context.moveTo(x + a, y + b);
      context.lineTo(x - a, y - b);
    }
    for (const [colour, width] of [
      [paper, 4],
      [ink, 1.6],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }
}

/** What moves: minima, both paths, exits and the inset that shows where a throw landed. */
export function drawMapOverlay(canvas, { window, surface, valley, runs, step, projection = null, shown = [] }) {
  const context = prepared(canvas);
  const whole = boxOf(canvas);
  const box = { ...whole, taken: surface?.axes ? plates(surface, whole) : [] };
  const { toPixel } = mapping(window, box);
  const look = runStyles();
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (surface) drawMinima(context, surface, toPixel, valley);
  for (const run of shown) drawProjection(context, { projection, run, window, look: look[run], place: toPixel, box });
  drawInset(context, { window, runs, step, box });
  for (const { run, trajectory, summary } of runs) {
    const found = pieces(trajectory, window, summary.last);
    drawPath(context, { pieces: found, trajectory, summary, look: look[run], place: toPixel, step, box });
    if (summary.nonfinite_step >= 0 && step >= summary.nonfinite_step) {
      drawLabel(
        context,
        look[run],
        `Inf or NaN from step ${summary.nonfinite_step} on`,
        [box.left + box.width, box.top],
        box,
      );
    }
  }
  context.restore();
}
