// Log worker: reads a log in a thread of its own, in pieces, and reports on it. It says how far it is.

import { importModules } from "../kernels.js";
import { logReports } from "../../state/advice/log_reports.js";
import { fileBytes } from "../../state/logs/file_bytes.js";

const SAY = 0.01; // share of the file between two messages

let tables;
let modules;

/**
 * Posts shares of the file that grow by at least SAY, from when its format is known: that may have taken all of its lines. At 1
 * the log has been read, which its last byte does not say.
 */
function progress() {
  let said = 1;
  const post = (share) => postMessage({ share });
  return {
    note(share) {
      if (share - said < SAY || share >= 1) return;
      said = share;
      post(share);
    },
    noteFormat() {
      said = 0;
    },
    noteRead() {
      post(1);
    },
  };
}

async function work(data) {
  if (data.tables) {
    // The clips are loaded with the page, before a log is read.
    [tables, modules] = [data.tables, importModules(data.addresses)];
    await modules;
    return;
  }
  const { note, ...notes } = progress();
  postMessage({ reading: await logReports(fileBytes(data.file, note), tables, await modules, notes) });
}

// What is wrong with a log is a sentence for the page.
addEventListener("message", ({ data }) => void work(data).catch(({ message }) => postMessage({ problem: message })));
postMessage({ ready: true });
