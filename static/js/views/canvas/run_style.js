// Run style: the colour, dash and marker of each run. They are read from the style sheet once per theme, because
// reading computed styles in every frame of a drag would be slow.

import { cssColour } from "./colour.js";

// Dash and marker also tell the runs apart, for readers who cannot distinguish the colours.
const RUN_STYLE = {
  without: { colour: "--run-without", dash: [7, 4], marker: "circle" },
  with: { colour: "--run-with", dash: [], marker: "square" },
  // The run of the user's own training loop.
  recorded: { colour: "--ink", dash: [], marker: "circle" },
};

let cache = null;

/** Read the theme again the next time that styles are needed. */
export function forgetRunStyles() {
  cache = null;
}

const LARGEST_SIZE = 18; // pixels of type on a canvas: the margins have room for labels of this size
const THICKEST = 1.75; // times the usual width of lines
const PLAIN_SIZE = "16px"; // of the root's type; larger screens and projectors have larger type

/** Call `draw` with the colours of a theme and plain type, whatever the page shows. The page itself is not painted. */
export function inTheme(theme, draw) {
  const root = document.documentElement;
  const [before, size] = [root.dataset.theme, root.style.fontSize];
  Object.assign(root.dataset, { theme });
  root.style.fontSize = PLAIN_SIZE;
  forgetRunStyles();
  try {
    return draw();
  } finally {
    if (before === undefined) delete root.dataset.theme;
    else root.dataset.theme = before;
    root.style.fontSize = size;
    forgetRunStyles();
  }
}

/** Colours and fonts of both runs and of the page's lines, as canvases need them. */
export function runStyles() {
  cache ??= readStyles();
  return cache;
}

function readStyles() {
  const font = getComputedStyle(document.body).fontFamily;
  const type = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = Math.min(type * 0.8125, LARGEST_SIZE);
  // Lines are as thick as the page's type is large.
  const scale = Math.min(type / parseFloat(PLAIN_SIZE), THICKEST);
  const casing = cssColour("--paper");
  const run = (name) => {
    const { colour, dash, marker } = RUN_STYLE[name];
    return { fill: cssColour(colour), dash, marker, casing, font, size, scale };
  };
  return {
    without: run("without"),
    with: run("with"),
    recorded: run("recorded"),
    ink: cssColour("--ink"),
    muted: cssColour("--muted"),
    line: cssColour("--line"),
    paper: casing,
    font,
    size,
    scale,
  };
}
