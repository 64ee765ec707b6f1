// Pieces: long work on the page, with pauses in which the browser handles input.

const PIECE = 10; // milliseconds of work between two pauses

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

/**
 * The result of a generator; undefined if it is no longer `wanted()`.
 * @param {Generator} work
 * @param {() => boolean} wanted
 * @returns {Promise<any>}
 */
export async function runInPieces(work, wanted) {
  let until = performance.now() + PIECE;
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value;
    if (performance.now() < until) continue;
    await nextTask();
    if (!wanted()) return undefined;
    until = performance.now() + PIECE;
  }
}
