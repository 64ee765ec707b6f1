// Colour: one muted scale per theme, so that the paths stand out. Equal steps along a scale are equal steps of
// lightness (L* of CIELAB). So no part of a surface looks steeper than it is, also to readers with colour blindness.

const STOPS = {
  light: ["#f4ecd8", "#d3d3bd", "#aabbb1", "#82a3a8", "#608a9d", "#46718d", "#35577a"],
  dark: ["#1a222c", "#26394d", "#31536a", "#466d7e", "#67888c", "#91a196", "#bfb9a2"],
};

/** The theme of the page: "light" or "dark". */
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
    // Little-endian: red is the first byte in memory.
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** The same scale as Plotly writes it. */
export function plotlyScale(theme) {
  const stops = STOPS[theme];
  return stops.map((colour, k) => [k / (stops.length - 1), colour]);
}

/** The value of a CSS variable. */
export function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
