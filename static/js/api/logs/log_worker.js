// Log worker: reads a log in a thread of its own, in pieces, and reports on it. It says how far it is.

import { importModules } from "../kernels.js";
import { logReports } from "../../state/advice/log_reports.js";
import { fileBytes } from "../../state/logs/file_bytes.js";

const SAY = 0.01; // share of the file between two messages

let tables;
let modules;

/** Calls `post` with shares that grow by at least SAY. At 1 the log has been read, which the last byte does not say. */
function progress(post) {
  let said = 0;
  return (share) => {
    if (share - said < SAY || share >= 1) return;
    said = share;
    post(share);
  };
}

async function work(data) {
  if (data.tables) {
    // The clips are loaded with the page, before a log is read.
    [tables, modules] = [data.tables, importModules(data.addresses)];
    await modules;
    return;
  }
  const post = (share) => postMessage({ share });
  const bytes = fileBytes(data.file, progress(post));
  postMessage({ reading: await logReports(bytes, tables, await modules, () => post(1)) });
}

// What is wrong with a log is a sentence for the page.
addEventListener("message", ({ data }) => void work(data).catch(({ message }) => postMessage({ problem: message })));
postMessage({ ready: true });
