// Shared address: the address under which others open a link. On the machine of the server, the page's own address may
// be one that means another machine elsewhere.

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an address leads to the machine on which it is opened. */
export const isLoopback = (address) => LOOPBACK.test(new URL(address).hostname);

/** The address of a query; `network` is the server's address on other machines, if there is one. */
export function sharedAddress(query, here, network) {
  const base = isLoopback(here) && network ? network : here;
  const address = new URL(base);
  address.hash = "";
  address.search = query;
  // Commas need no escape in a query, and neither does an empty value.
  return address.href.replaceAll("%2C", ",");
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

/** The frame for a page in HTML. */
export function frameOf(address, title, height) {
  const attributes = { src: address, title, width: "100%", height: String(height), loading: "lazy" };
  const text = Object.entries(attributes).map(([name, value]) => `${name}="${escapeHtml(value)}"`);
  return `<iframe ${text.join(" ")} style="border: 0"></iframe>`;
}

/** The frame for a cell of a Jupyter notebook. */
export function notebookFrameOf(address, height) {
  return `from IPython.display import IFrame\n\nIFrame(${JSON.stringify(address)}, width="100%", height=${height})`;
}
