// End labels: the names of lines, to the right of where they end.

import { runStyles } from "./run_style.js";

function setFont(context) {
  const { font, size } = runStyles();
  context.font = `${size * 0.9}px ${font}`;
}

/** Width of the longest label. */
export function endLabelWidth(context, series) {
  setFont(context);
  return Math.max(...series.map(({ label }) => context.measureText(label).width));
}

/** Heights of the labels, moved apart where lines end close together. */
function placesOf(series, scale, apart) {
  const last = scale.count - 1;
  const places = series
    .filter(({ values }) => Number.isFinite(values[last]) && values[last] !== 0)
    .map((one) => ({ ...one, y: scale.y(one.values[last]) }))
    .sort((a, b) => a.y - b.y);
  places.forEach((place, k) => {
    if (k) place.y = Math.max(place.y, places[k - 1].y + apart);
  });
  // Labels that were pushed below the axis move up again, starting with the lowest one.
  places.reverse().forEach((place, k) => {
    place.y = Math.min(place.y, k ? places[k - 1].y - apart : scale.bottom);
  });
  return places;
}

/** Label each of the `series` `[{values, label, strong}]`; `scale` has `y`, `right`, `bottom` and `count`. */
export function drawEndLabels(context, scale, series) {
  const { ink, muted, size } = runStyles();
  setFont(context);
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { label, strong, y } of placesOf(series, scale, size * 1.2)) {
    context.fillStyle = strong ? ink : muted;
    context.fillText(label, scale.right + 6, y);
  }
}
