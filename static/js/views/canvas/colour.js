// Colour: one restrained scale per theme, under both runs' paths. Equal steps along a scale are equal steps of
// lightness (L* of CIELAB), so that no part of a surface looks steeper than it is, with or without colour vision.

const STOPS = {
  light: ["#f4ecd8", "#d3d3bd", "#aabbb1", "#82a3a8", "#608a9d", "#46718d", "#35577a"],
  dark: ["#1a222c", "#26394d", "#31536a", "#466d7e", "#67888c", "#91a196", "#bfb9a2"],
};

export function themeName() {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

function parts(hex) {
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
}

/** 256 colours as packed RGBA, for image data. */
export function lookup(theme) {
  const stops = STOPS[theme].map(parts);
  return Uint32Array.from({ length: 256 }, (_, k) => {
    const place = (k / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const [r, g, b] = stops[low].map((v, c) => Math.round(v + (stops[low + 1][c] - v) * (place - low)));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** The same scale as Plotly writes it. */
export function plotlyScale(theme) {
  const stops = STOPS[theme];
  return stops.map((colour, k) => [k / (stops.length - 1), colour]);
}

export function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Below this the symmetric log scale is even: no valley is bottomless. The relief's mesh (mesh.py) has the same.
const FLOOR = 1e-3;

/** Losses, or gradient norms, as they are drawn: as they are or on a symmetric log scale. */
export function drawn(value, scale) {
  return scale === "log" ? Math.sign(value) * Math.log10(1 + Math.abs(value) / FLOOR) : value;
}

/** The value that is drawn so. */
export function undrawn(height, scale) {
  return scale === "log" ? Math.sign(height) * FLOOR * (10 ** Math.abs(height) - 1) : height;
}

/** A whole array of values as drawn, with the range that holds all but the extreme one in a hundred. */
export function drawnArray(values, scale) {
  const result = Float32Array.from(values, (value) => drawn(value, scale));
  const sample = result.filter((value, k) => k % 7 === 0 && Number.isFinite(value)).sort();
  const at = (share) => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))] ?? 0;
  const low = at(0);
  return { values: result, low, high: Math.max(at(0.995), low + 1e-9) };
}
