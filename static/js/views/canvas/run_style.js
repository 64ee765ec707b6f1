// Looks: a run's colours, dash and marker, read from the theme once per theme.

import { cssColour } from "./colour.js";
import { LANE_STYLE } from "./paths.js";

let cache = null;

export function forgetLooks() {
  cache = null;
}

/** Colours and fonts of both runs and of the page's lines, as canvases need them. */
export function runStyles() {
  cache ??= read();
  return cache;
}

function read() {
  const font = getComputedStyle(document.body).fontFamily;
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125;
  const casing = cssColour("--paper");
  const run = (name) => {
    const { colour, dash, marker } = LANE_STYLE[name];
    return { fill: cssColour(colour), dash, marker, casing, font, size };
  };
  return {
    without: run("without"),
    with: run("with"),
    ink: cssColour("--ink"),
    muted: cssColour("--muted"),
    line: cssColour("--line"),
    paper: casing,
    font,
    size,
  };
}
