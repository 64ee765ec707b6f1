// Thumbnails: the coarse losses of each landscape. The address contains a hash of the code that computes them, so the
// browser keeps them.

import { decode } from "./frames.js";
import { answerError, PassingError, pauseBefore, untilLost } from "./retry.js";

const ATTEMPTS = 6; // then the picture stays empty until the gallery is opened again

async function fetchThumbnail(address) {
  const answer = await untilLost(fetch(address));
  if (!answer.ok) throw await answerError(answer);
  return decode(await untilLost(answer.arrayBuffer()));
}

async function fetchPatiently(address, attempts = 0) {
  try {
    return await fetchThumbnail(address);
  } catch (error) {
    if (!(error instanceof PassingError) || attempts >= ATTEMPTS) throw error;
    await pauseBefore(attempts);
    return fetchPatiently(address, attempts + 1);
  }
}

/**
 * A function from the kind of a landscape to the promise of its thumbnail. Each is requested once.
 * @param {string} folder the address of the thumbnails
 */
export function thumbnailCollection(folder) {
  const held = new Map();
  return (kind) => {
    if (!held.has(kind)) {
      const coming = fetchPatiently(`${folder}/${kind}`);
      // After a failure, the next call requests the thumbnail again.
      coming.catch(() => held.delete(kind));
      held.set(kind, coming);
    }
    return held.get(kind);
  };
}
