// Poll: asks the server again and again, for what the author of a lesson or of a landscape changes in a file.

const PAUSE = 1000; // milliseconds between two requests

/** Call `ask` every second. Nobody sees a hidden page, so it asks again once it is shown. */
export function poll(ask) {
  async function look() {
    try {
      if (!document.hidden) await ask();
    } finally {
      setTimeout(look, PAUSE);
    }
  }

  setTimeout(look, PAUSE);
}

/** The JSON at an address; null if the answer is empty, or if the server cannot be reached. */
export async function fetchJson(address) {
  try {
    const answer = await fetch(address);
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null; // the next request may succeed
  }
}
