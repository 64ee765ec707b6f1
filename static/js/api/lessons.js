// Lessons: each is fetched when it is needed, and only once. The address contains a hash of the content, so the answer
// never changes.

import { answerError, PassingError, pauseBefore, untilLost } from "./retry.js";

async function fetchLesson(address) {
  const answer = await untilLost(fetch(address));
  if (answer.ok) return answer.json();
  const error = await answerError(answer);
  if (error instanceof PassingError) throw error;
  throw new Error("This lesson no longer exists. Reload the page to see the current list.");
}

/** A lesson, requested again after pauses while the server is busy or cannot be reached. */
async function fetchPatiently(address, connection, attempts = 0) {
  try {
    const lesson = await fetchLesson(address);
    connection.found();
    return lesson;
  } catch (error) {
    if (!(error instanceof PassingError)) throw error;
    connection.lost(error);
    await pauseBefore(attempts);
    return fetchPatiently(address, connection, attempts + 1);
  }
}

/**
 * `lost` is called when a lesson will be requested again after a pause, and `found` when it has arrived.
 * @param {string} folder the address of the lessons
 * @param {{lost: (error: any) => void, found: () => void}} connection
 */
export function lessonCollection(folder, connection) {
  const held = new Map();
  const addressOf = (name) => `${folder}/${encodeURIComponent(name)}.json`;

  /** @returns {Promise<any>} */
  function keep(name, fetchOne) {
    if (!held.has(name)) {
      const coming = fetchOne(addressOf(name), connection);
      // After a failure, the next call requests the lesson again.
      coming.catch(() => held.delete(name));
      held.set(name, coming);
    }
    return held.get(name);
  }

  return {
    put: (lesson) => held.set(lesson.name, Promise.resolve(lesson)),
    /** A lesson that may be needed soon; a failure is not repeated. */
    preload: (name) => keep(name, fetchLesson),
    /** A lesson that the reader waits for. */
    get: (name) =>
      keep(name, fetchPatiently).catch((error) => {
        // The lesson was being preloaded.
        if (error instanceof PassingError) return keep(name, fetchPatiently);
        throw error;
      }),
  };
}
