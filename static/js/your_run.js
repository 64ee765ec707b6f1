// The page that reads a log: a file is picked or dropped, read in this browser, and reported on. Nothing is sent anywhere.

import { logReader } from "./api/logs/log_reader.js";
import { byId, make } from "./views/elements/dom.js";
import { reportOf } from "./views/your_run/report.js";

const tables = JSON.parse(byId("tables").textContent);
const read = logReader(
  tables,
  Object.fromEntries(
    Object.entries(tables.modules).map(([kind, path]) => [kind, new URL(path, document.baseURI).href]),
  ),
);
// The newest file counts.
let newest = 0;

async function show(file) {
  const own = ++newest;
  const say = (text, className = "") => {
    if (own !== newest) return;
    Object.assign(byId("log-status"), { className, textContent: text });
  };
  say(`Reading ${file.name} …`);
  byId("log-report").hidden = true;
  try {
    const reading = await read(file, (share) =>
      say(
        share < 1
          ? `Reading ${file.name}: ${Math.floor(100 * share)} % …`
          : `${file.name} has been read. Computing its report …`,
      ),
    );
    if (own !== newest) return;
    showReading(reading);
    say(`Report on ${file.name}`);
  } catch (error) {
    say(`${file.name}: ${error.message}`, "refused");
  }
}

function showReading(reading) {
  const names = [...reading.reports.keys()];
  const report = make("div");
  const showRun = (name) => report.replaceChildren(...reportOf(reading, reading.reports.get(name), tables));
  const options = names.map((one) => make("option", { value: one }, one));
  const select = make("select", { id: "log-run", onchange: () => showRun(select.value) }, ...options);
  const choice = names.length > 1 ? [make("p", {}, make("label", { for: "log-run" }, "Run "), select)] : [];
  showRun(names[0]);
  byId("log-report").replaceChildren(...choice, report);
  byId("log-report").hidden = false;
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
