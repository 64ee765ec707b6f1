// Catalogue: all landscapes, optimizers, clips and so on, as the server declares them. It is bound once, before
// anything else runs, so that functions of a Scene do not need it as an argument.

/** @type {any} */
export const catalogue = {};

export function bindCatalogue(value) {
  Object.assign(catalogue, value);
}
