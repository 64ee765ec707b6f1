// Log reader: has a worker read a log and report on it. A newer log ends the work on an older one.

import { importModules } from "../kernels.js";
import { logReports } from "../../state/advice/log_reports.js";

/** A worker, and whether it has started, which a policy or an old browser may prevent. */
function startWorker(tables, addresses) {
  try {
    const worker = new Worker(new URL("log_worker.js", import.meta.url), { type: "module" });
    worker.postMessage({ tables, addresses });
    const started = new Promise((resolve) => {
      worker.addEventListener("message", () => resolve(true), { once: true });
      worker.addEventListener("error", () => resolve(false), { once: true });
    });
    return { worker, started };
  } catch {
    return { worker: null, started: Promise.resolve(false) };
  }
}

/** What a worker answers about a file: the reading, or a problem. `note(share)` is called while it reads. */
function answerOf(worker, file, note) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.share !== undefined) note(data.share);
      else if (data.reading || data.problem) resolve(data);
    };
    worker.onerror = ({ message }) => reject(new Error(message || "the worker that reads the log has stopped"));
    worker.postMessage({ file });
  });
}

/**
 * A function that reads a log and reports on it; `addresses` are those of the clips that the server has traced. Its second
 * argument is called with the share of the file that has been read, which is 1 while the reports are computed.
 */
export function logReader(tables, addresses) {
  let line = startWorker(tables, addresses);
  let isBusy = false;

  /** The same without a worker: the page stands still until it is done. */
  async function readHere(file) {
    const modules = await importModules(addresses);
    return logReports(new Uint8Array(await file.arrayBuffer()), tables, modules);
  }

  return async function read(file, note) {
    if (isBusy) {
      line.worker?.terminate();
      line = startWorker(tables, addresses);
    }
    isBusy = true;
    const { worker, started } = line;
    if (!(await started)) return readHere(file);
    const { reading, problem } = await answerOf(worker, file, note);
    // The last message of a worker that has been ended may still arrive.
    if (worker === line.worker) isBusy = false;
    if (problem) throw new Error(problem);
    return reading;
  };
}
