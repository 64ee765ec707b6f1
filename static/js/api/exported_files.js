// Exported files: the tables and the code of a Scene's runs, which the server writes.

import { answerError, PassingError, pauseBefore, untilLost } from "./retry.js";
import { toQuery } from "../state/scene/url.js";

const FALLBACK = "cliffscape";

/** The name that the server gives a file. */
function nameOf(answer) {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? FALLBACK;
}

/** The error of a request that the server refuses, with the server's sentence. */
function refusal({ problem }) {
  const sentences = problem.errors?.map(({ message }) => message) ?? [];
  return new Error(sentences.join(" ") || problem.detail);
}

async function fetchFile(address, signal) {
  const answer = await untilLost(fetch(address, { signal }));
  if (answer.ok) return { name: nameOf(answer), blob: await untilLost(answer.blob()) };
  const error = await answerError(answer);
  throw error instanceof PassingError ? error : refusal(error);
}

/**
 * `exportedFile(scene, file, signal, query)` is the file `{name, blob}` at `/exports/<file>`, such as "run.csv", with what
 * the query adds to the Scene. It is requested again after pauses while the server is busy or cannot be reached. Its
 * other errors are sentences.
 * @param {{lost: (error: any) => void, found: () => void}} connection
 */
export function exportedFiles(connection) {
  return async function exportedFile(scene, file, signal, query = "") {
    const address = `exports/${file}?${[toQuery(scene), query].filter(Boolean).join("&")}`;
    for (let attempts = 0; ; attempts++) {
      try {
        const file = await fetchFile(address, signal);
        connection.found();
        return file;
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        connection.lost(error);
      }
      await pauseBefore(attempts);
      // The notice is about this request alone.
      if (signal.aborted) connection.found();
      signal.throwIfAborted();
    }
  };
}
