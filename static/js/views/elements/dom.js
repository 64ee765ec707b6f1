// DOM: elements in one expression.

/** Create an element with properties and children. `on*` become listeners, `data-*` and `aria-*` become attributes. */
export function make(tag, properties = {}, ...children) {
  const element = /** @type {any} */ (document.createElement(tag));
  for (const [name, value] of Object.entries(properties)) {
    // Callers pass undefined for an optional property.
    if (value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    // These are attributes without a property of the same name.
    else if (name.includes("-") || name === "for" || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function byId(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/** Set an element's text only if it has changed: unchanged text causes no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
