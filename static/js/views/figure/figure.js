// Figure: a part of the page, or the page, as one SVG with key, caption and metadata.

import { showsRelief } from "../../state/presentation.js";
import { surfaceOf } from "../../state/scene/lookup.js";
import { headline } from "../../state/verdict.js";
import { placedSummary } from "../../state/runs/pair.js";
import { cssColour } from "../canvas/colour.js";
import { inTheme, runStyles } from "../canvas/run_style.js";
import { sourceOf } from "../files/exported_picture.js";
import { columnOf, framed, markupAt, rowOf } from "./block.js";
import { captionText, titleText } from "./caption.js";
import { curvesBlock } from "./curves_block.js";
import { mapBlock } from "./map_block.js";
import { escapeText, rounded, tag } from "./markup.js";
import { outcomesBlock } from "./outcomes_block.js";
import { reliefBlock } from "./relief_block.js";
import { runKey, stepCounter, textBlock } from "./words.js";

const [MARGIN, GAP] = [14, 12];
const PAGE_WIDTH = 900;
const HALF_HEIGHT = 370; // of map and relief next to each other
const NAMESPACES = {
  xmlns: "http://www.w3.org/2000/svg",
  "xmlns:xlink": "http://www.w3.org/1999/xlink",
};
const RDF = {
  "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  "xmlns:dc": "http://purl.org/dc/elements/1.1/",
};

/** The map alone where the page shows no relief. */
async function mapAndReliefBlock(shown, size) {
  if (!showsRelief(shown.state.scene)) return mapBlock(shown, size);
  const half = { ...size, width: (size.width - GAP) / 2 };
  return rowOf([mapBlock(shown, half), await reliefBlock(shown, half)], GAP);
}

/** Map, relief and curves of the page, one column wide or two. */
async function pageBlock(shown, size) {
  const pictures = await mapAndReliefBlock(shown, { ...size, height: HALF_HEIGHT });
  return columnOf([pictures, curvesBlock(shown, { ...size, height: 180 })], GAP);
}

/** How each part is drawn, and its size in pixels. */
const BLOCKS = {
  page: { draw: pageBlock, width: PAGE_WIDTH, height: 0 },
  map_and_relief: { draw: mapAndReliefBlock, width: PAGE_WIDTH, height: HALF_HEIGHT },
  map: { draw: mapBlock, width: 560, height: 440 },
  relief: { draw: reliefBlock, width: 560, height: 420 },
  curves: { draw: curvesBlock, width: PAGE_WIDTH, height: 200 },
  outcomes: { draw: outcomesBlock, width: PAGE_WIDTH, height: 420 },
};

const KEYED = ["map_and_relief", "map", "relief", "curves"]; // parts with a key of both runs
const RINGED = ["map_and_relief", "map", "relief"]; // parts that mark the start by a ring

/** The landscape and the headlines of the runs; while a lesson waits for a prediction, only the names of the runs. */
function headBlocks({ state, runs }, width) {
  const { ink } = runStyles();
  const title = textBlock(surfaceOf(state.scene).label, width, { size: 19, weight: 650, colour: ink });
  if (state.hiddenAfter !== null) return [title, runKey(runs)];
  const sentences = runs.map((item) => {
    const text = headline(item.of, item.run, placedSummary(state, item));
    return textBlock(text, width, { size: 15, weight: 600, colour: runStyles()[item.run].fill, run: item.run });
  });
  return [title, columnOf(sentences, 2)];
}

/** The key of a part, and with `counted` the number of the step at its right. */
function keyBlocks(part, { runs, step }, width, counted) {
  if (!KEYED.includes(part)) return [];
  const key = runKey(runs, { start: RINGED.includes(part) });
  return [counted ? rowOf([key, stepCounter(step, Math.floor(width - key.width - GAP))], GAP) : key];
}

/**
 * Everything of a figure, from top to bottom. With `counted` it also has the number of the step, of those that are shown.
 * @returns {Promise<import("./block.js").Block>}
 */
export async function figureBlock(part, shown, { theme, scale, counted = false }) {
  const { draw, ...size } = BLOCKS[part];
  const picture = await draw(shown, { ...size, theme, scale });
  return inTheme(theme, () => {
    const { muted } = runStyles();
    const head = part === "page" ? headBlocks(shown, size.width) : keyBlocks(part, shown, size.width, counted);
    const caption = captionText(shown.state.scene, part, shown.step);
    const below = textBlock(caption, size.width, { size: 12, colour: muted });
    return framed(columnOf([...head, picture, below], GAP), MARGIN);
  });
}

/** Title, description, link and version, for readers of the file. */
export function metadataOf(part, { state, step }) {
  const { scene } = state;
  return { title: titleText(scene, part), description: captionText(scene, part, step), ...sourceOf(state) };
}

function metadataMarkup({ title, description, link, software }) {
  const fields = { title, description, source: link, creator: software };
  const content = Object.entries(fields).map(([name, text]) => tag(`dc:${name}`, {}, escapeText(text)));
  const about = tag("rdf:Description", { "rdf:about": "" }, content.join(""));
  return [
    tag("title", {}, escapeText(title)),
    tag("desc", {}, escapeText(`${description} ${software}, ${link}`)),
    tag("metadata", {}, tag("rdf:RDF", RDF, about)),
  ].join("");
}

/** The light paper of the page is not quite white, which shows on white slides. */
const paperOf = (theme) => (theme === "light" ? "#ffffff" : inTheme(theme, () => cssColour("--paper")));

/** A block as an SVG, as text, with its size. `pixels` is its resolution. @param {import("./block.js").Block} block */
export function svgOf({ width, height, markup }, metadata, { theme, transparent, pixels = 1 }) {
  const [wide, high] = [width, height].map(Math.ceil);
  const attributes = {
    ...NAMESPACES,
    width: rounded(wide * pixels),
    height: rounded(high * pixels),
    viewBox: `0 0 ${wide} ${high}`,
    role: "img",
  };
  const background = transparent ? "" : tag("rect", { width: wide, height: high, fill: paperOf(theme) });
  const svg = tag("svg", attributes, metadataMarkup(metadata) + background + markup);
  return { svg, width: wide * pixels, height: high * pixels };
}

/**
 * The SVG of a part of the page, as `svgOf` gives it. `shown` is `{state, runs, step}`; `scale` is the resolution of its
 * images in pixels per unit, and `pixels` that of the whole.
 */
export async function figureSvg(part, shown, metadata, { theme, scale, transparent, pixels = 1 }) {
  const block = await figureBlock(part, shown, { theme, scale });
  const markup = inTheme(theme, () => markupAt(block, shown.step, scale));
  return svgOf({ ...block, markup }, metadata, { theme, transparent, pixels });
}
