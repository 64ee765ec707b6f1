// Log worker: reads a log in a thread of its own, in pieces, and says how far it is.

import { fileBytes } from "../state/logs/file_bytes.js";
import { isArchive, unpackArchive } from "../state/logs/numpy_archive.js";
import { readLog } from "../state/logs/reading.js";

const SAY = 0.01; // share of the file between two messages

/** Calls `post` with shares that grow by at least SAY. */
function progress(post) {
  let said = 0;
  return (share) => {
    if (share - said < SAY) return;
    said = share;
    post(share);
  };
}

async function read({ file, formats }) {
  const bytes = fileBytes(
    file,
    progress((share) => postMessage({ share })),
  );
  const archive = isArchive(bytes.subarray(0, 4)) ? await unpackArchive(bytes) : null;
  const { counts, ...reading } = readLog(bytes, formats, archive);
  const { lines, broken, other, firstBroken } = counts;
  postMessage({ reading: { ...reading, counts: { lines, broken, other, firstBroken } } });
}

// What is wrong with a log is a sentence for the page.
addEventListener("message", ({ data }) => void read(data).catch(({ message }) => postMessage({ problem: message })));
