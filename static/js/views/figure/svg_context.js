// SVG context: the part of a canvas's 2D context that the views draw with, written as SVG. Lines stay lines and text
// stays text; images are embedded as PNG.

import { plainColour, rounded, tag } from "./markup.js";
import { measuringContext, textElement } from "./svg_text.js";

const SETTINGS = [
  ...["font", "textAlign", "textBaseline", "fillStyle", "strokeStyle", "globalAlpha"],
  ...["lineWidth", "lineCap", "lineJoin", "imageSmoothingEnabled", "dash", "matrix"],
];
const opacity = (alpha) => (alpha < 1 ? alpha : undefined);
let clips = 0; // names of clip paths, which are unique in a file

class SvgContext {
  font = "10px sans-serif";
  textAlign = "left";
  textBaseline = "alphabetic";
  fillStyle = "#000000";
  strokeStyle = "#000000";
  globalAlpha = 1;
  lineWidth = 1;
  lineCap = "butt";
  lineJoin = "miter";
  imageSmoothingEnabled = true;
  imageSmoothingQuality = "low";
  dash = [];
  matrix = new DOMMatrix();
  path = [];
  saved = [];
  groups = 0; // open ones, since the last save
  markup = [];

  /** `scale` is the resolution of embedded images, in pixels per unit. */
  constructor(canvas, scale) {
    this.canvas = canvas;
    this.scale = scale;
  }

  save() {
    const settings = Object.fromEntries(SETTINGS.map((name) => [name, this[name]]));
    this.saved.push({ ...settings, groups: this.groups });
    this.groups = 0;
  }

  restore() {
    this.markup.push("</g>".repeat(this.groups));
    Object.assign(this, this.saved.pop());
  }

  translate(x, y) {
    this.matrix = this.matrix.translate(x, y);
  }

  rotate(angle) {
    this.matrix = this.matrix.rotate((angle * 180) / Math.PI);
  }

  /** Views scale to the pixels of the screen; a drawing has none. */
  setTransform() {}

  getTransform() {
    return { a: this.scale };
  }

  /** A new drawing is empty. */
  clearRect() {}

  place(x, y) {
    const point = this.matrix.transformPoint({ x, y });
    return `${rounded(point.x)} ${rounded(point.y)}`;
  }

  beginPath() {
    this.path = [];
  }

  moveTo(x, y) {
    this.path.push(`M${this.place(x, y)}`);
  }

  lineTo(x, y) {
    this.path.push(`${this.path.length ? "L" : "M"}${this.place(x, y)}`);
  }

  closePath() {
    this.path.push("Z");
  }

  rect(x, y, width, height) {
    this.path.push(this.rectangle(x, y, width, height));
  }

  /** An arc in two halves: SVG has none that ends where it starts. */
  arc(x, y, radius, from, to) {
    const at = (angle) => this.place(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    const half = (angle) => `A${rounded(radius)} ${rounded(radius)} 0 0 1 ${at(angle)}`;
    this.path.push(`${this.path.length ? "L" : "M"}${at(from)}`, half((from + to) / 2), half(to));
  }

  rectangle(x, y, width, height) {
    const corners = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    return `M${corners.map(([a, b]) => this.place(a, b)).join("L")}Z`;
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  clip() {
    const id = `clip${(clips += 1)}`;
    this.markup.push(tag("clipPath", { id }, tag("path", { d: this.path.join("") })), `<g clip-path="url(#${id})">`);
    this.groups += 1;
  }

  fill() {
    this.fillPath(this.path.join(""));
  }

  fillRect(x, y, width, height) {
    this.fillPath(this.rectangle(x, y, width, height));
  }

  stroke() {
    this.strokePath(this.path.join(""));
  }

  strokeRect(x, y, width, height) {
    this.strokePath(this.rectangle(x, y, width, height));
  }

  fillPath(d) {
    if (!d) return;
    this.markup.push(tag("path", { d, fill: plainColour(this.fillStyle), "fill-opacity": opacity(this.globalAlpha) }));
  }

  strokePath(d) {
    if (!d) return;
    const attributes = {
      d,
      fill: "none",
      stroke: plainColour(this.strokeStyle),
      "stroke-width": rounded(this.lineWidth),
      "stroke-dasharray": this.dash.length ? this.dash.map(rounded).join(" ") : undefined,
      "stroke-linecap": this.lineCap === "butt" ? undefined : this.lineCap,
      "stroke-linejoin": this.lineJoin === "miter" ? undefined : this.lineJoin,
      "stroke-opacity": opacity(this.globalAlpha),
    };
    this.markup.push(tag("path", attributes));
  }

  measureText(text) {
    return measuringContext(this.font).measureText(text);
  }

  fillText(text, x, y, most) {
    const { x: px, y: py } = this.matrix.transformPoint({ x, y });
    this.markup.push(textElement(this, text, [px, py], most));
  }

  /** An image as it looks at the drawing's resolution: readers of SVG enlarge small images differently. */
  drawImage(image, ...given) {
    const [x, y, width, height] = given.slice(-4);
    const layer = document.createElement("canvas");
    [layer.width, layer.height] = [width, height].map((size) => Math.max(1, Math.round(size * this.scale)));
    const context = layer.getContext("2d");
    context.imageSmoothingEnabled = this.imageSmoothingEnabled;
    context.imageSmoothingQuality = "high";
    const [left, top, wide, high] = given.length > 4 ? given : [0, 0, image.width, image.height];
    context.drawImage(image, left, top, wide, high, 0, 0, layer.width, layer.height);
    this.embed(layer.toDataURL("image/png"), x, y, width, height);
  }

  /** Embed an image that is given as a data address. */
  embed(href, x, y, width, height) {
    const place = { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
    // Older readers know only the attribute with a prefix.
    this.markup.push(tag("image", { ...place, preserveAspectRatio: "none", "xlink:href": href }));
  }
}

/** A drawing of a size, for functions that draw on a canvas: its `canvas` and `context`, and its `markup()`. */
export function svgDrawing(width, height, scale) {
  const size = { clientWidth: width, clientHeight: height, width: 0, height: 0 };
  const canvas = { ...size, dataset: {}, getContext: () => context };
  const context = new SvgContext(canvas, scale);
  return { canvas, context, width, height, markup: () => context.markup.join("") };
}
