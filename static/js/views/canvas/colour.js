// Colour: one restrained scale per theme, even in lightness, under both runs' paths.

const STOPS = {
  light: ["#f4ecd8", "#dcdcc6", "#b9cac0", "#92b3b8", "#6c96a9", "#4d7793", "#35577a"],
  dark: ["#1a222c", "#22364a", "#2d4f66", "#41697a", "#638488", "#8f9f94", "#bfb9a2"],
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
