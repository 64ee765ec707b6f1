// The page that reads a log: a file is picked or dropped, read here, and reported on. Nothing is sent anywhere.

import { importModules } from "./api/kernels.js";
import { advise } from "./state/advice/advice.js";
import { byId, make } from "./views/elements/dom.js";
import { reportOf } from "./views/your_run/report.js";

const tables = JSON.parse(byId("tables").textContent);
// The clips that the server has traced. They are loaded with the page, before a log is read.
const modules = importModules(
  Object.fromEntries(
    Object.entries(tables.modules).map(([kind, path]) => [kind, new URL(path, document.baseURI).href]),
  ),
);
// The newest file counts: it ends the reading of an older one.
let newest = 0;
let worker = startWorker();
let busy = false;

function startWorker() {
  return new Worker(new URL("api/log_worker.js", import.meta.url), { type: "module" });
}

/** The log in a file, which the worker reads; `note(share)` is called while it does. */
function readFile(file, note) {
  if (busy) {
    worker.terminate();
    worker = startWorker();
  }
  busy = true;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { share, reading, problem } }) => {
      if (share !== undefined) return note(share);
      busy = false;
      return reading ? resolve(reading) : reject(new Error(problem));
    };
    worker.onerror = ({ message }) => reject(new Error(message || "the browser has no worker"));
    worker.postMessage({ file, formats: tables.formats });
  });
}

async function show(file) {
  const own = ++newest;
  const status = byId("log-status");
  status.className = "";
  status.textContent = `Reading ${file.name} …`;
  byId("log-report").hidden = true;
  try {
    const reading = await readFile(file, (share) => {
      if (own === newest) status.textContent = `Reading ${file.name}: ${Math.floor(100 * share)} % …`;
    });
    const loaded = await modules;
    if (own === newest) showReading(reading, file.name, loaded);
  } catch (error) {
    if (own !== newest) return;
    status.className = "refused";
    status.textContent = `${file.name}: ${error.message}`;
  }
}

function showReading(reading, name, modules) {
  const names = [...reading.runs.keys()];
  const report = make("div");
  const showRun = (key) => {
    const run = reading.runs.get(key);
    report.replaceChildren(...reportOf(reading, run, advise(run, tables, modules), tables));
  };
  const options = names.map((one) => make("option", { value: one }, one));
  const select = make("select", { id: "log-run", onchange: () => showRun(select.value) }, ...options);
  const choice = names.length > 1 ? [make("p", {}, make("label", { for: "log-run" }, "Run "), select)] : [];
  showRun(names[0]);
  byId("log-report").replaceChildren(...choice, report);
  byId("log-report").hidden = false;
  byId("log-status").textContent = `Report on ${name}`;
}

/** A log of a training run of this project, which fails without clipping. It came with the page. */
const showExample = () => show(new File([byId("example").textContent], "temporal-order.csv"));

function listFormats() {
  const items = tables.formats.map(({ label, form }) => make("li", {}, `${label}: `, make("code", {}, form)));
  byId("log-formats").append(...items);
}

function listen() {
  const field = byId("log-file");
  field.addEventListener("change", () => field.files[0] && show(field.files[0]));
  byId("log-example").addEventListener("click", showExample);
  const drop = byId("log-drop");
  const over = (event) => {
    event.preventDefault();
    drop.classList.toggle("over", event.type === "dragover");
  };
  // A file that is dropped elsewhere would replace the page.
  for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, over);
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (file) show(file);
  });
}

listFormats();
listen();
