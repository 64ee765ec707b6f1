// Memory: what this browser remembers about the page, such as which groups of controls are open.

const PREFIX = "cliffscape-";

/** The remembered value, or null. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null; // storage may be forbidden, or hold something else
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage may be forbidden; the value then lasts as long as the page.
  }
}
