// The catalogue: everything there is to choose from, as the server declares it. It is bound once, before anything else.

/** @type {any} */
export let catalogue = null;

export function bindCatalogue(value) {
  catalogue = value;
}
