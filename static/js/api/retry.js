// Retry: how long the page waits before it repeats a request, and what it says meanwhile.

const FIRST = 500; // milliseconds
const LONGEST = 8000;
// A busy server, and what a proxy answers while the server behind it is away.
const PASSING = [429, 502, 503, 504];

const LOST = "The server cannot be reached. The page keeps its last results and tries again.";
const BUSY = "The server is busy. The page tries again in a moment.";

/** An error after which the page repeats the request by itself; `message` is what it says meanwhile. */
export class PassingError extends Error {}

/** The pause before the next attempt: it doubles. Half of it is random, so that many pages do not come back at once. */
export function pauseAfter(attempts, random = Math.random) {
  return Math.min(LONGEST, FIRST * 2 ** attempts) * (0.5 + 0.5 * random());
}

/** Wait before the next attempt. */
export function pauseBefore(attempts) {
  return new Promise((resolve) => setTimeout(resolve, pauseAfter(attempts)));
}

/** The error of an answer that is not OK: one that passes, or one with the server's problem. */
export async function answerError(response) {
  if (PASSING.includes(response.status)) return new PassingError(response.status === 502 ? LOST : BUSY);
  // A proxy's own error has no problem details.
  const problem = await response
    .json()
    .catch(() => ({ detail: `The server answered with status ${response.status}.` }));
  return Object.assign(new Error("refused"), { problem });
}

/** The promise; if the connection fails, its error says that the page tries again. An abort stays an abort. */
export function untilLost(promise) {
  return promise.catch((error) => {
    throw error.name === "AbortError" ? error : new PassingError(LOST);
  });
}

/** Says once for all lines of requests that the server is away or busy, and removes the sentence when it is back. */
export function connectionNotice(say) {
  const away = new Set();
  let said = "";
  return (line) => ({
    lost({ message }) {
      away.add(line);
      // A reader may have closed the notice, and a screen reader would hear every attempt.
      if (message !== said) say([message]);
      said = message;
    },
    found() {
      if (!away.delete(line) || away.size) return;
      said = "";
      say([]);
    },
  });
}
