// Markup: elements of SVG as text.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it stands in an element or in an attribute. */
export const escapeText = (text) => String(text).replace(/[&<>"]/g, (one) => ESCAPES[one]);

/** An element; attributes that are undefined are left out, and `content` is markup. */
export function tag(name, attributes, content = "") {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = [name, ...given.map(([key, value]) => `${key}="${escapeText(value)}"`)].join(" ");
  return content ? `<${head}>${content}</${name}>` : `<${head}/>`;
}

/** A number with at most two decimals: a hundredth of a pixel cannot be seen. */
export const rounded = (value) => String(Math.round(100 * value) / 100);

/** Markup that is moved. */
export const moved = (markup, x, y) =>
  x || y ? tag("g", { transform: `translate(${rounded(x)} ${rounded(y)})` }, markup) : markup;

/** A colour of CSS as every reader of SVG knows it: "rgb(1 2 3)" is too new for some. */
export function plainColour(colour) {
  const numbers = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(colour);
  return numbers ? `rgb(${numbers.slice(1).join(",")})` : colour;
}
