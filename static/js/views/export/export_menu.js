// Export menu: files of the page's runs, as data, as code, as a page of its own, as animations and as figures.

import { byId, make } from "../elements/dom.js";
import { saveFile } from "../files/save_file.js";
import { animationOptions } from "./animation_options.js";
import { exportStatus } from "./export_status.js";
import { figureOptions } from "./figure_options.js";
import { openBy } from "../elements/popover.js";
import { withOutcome } from "../files/outcome_in_name.js";

const DATA = [
  ["run.csv", "CSV", "A table for spreadsheets and pandas"],
  ["run.json", "JSON", "A table with the summaries of both runs"],
  ["run.npz", "NPZ", "Arrays for NumPy"],
];
const CODE = [
  ["run.py", "PyTorch script of this run", "A script that needs PyTorch alone and repeats both runs"],
  ["training_loop.md", "Clipping in your training loop", "PyTorch, Keras, optax, Lightning and Hugging Face Trainer"],
];
const PAGE = [
  ["page.html", "Standalone page (HTML)", "One file with this landscape, which opens without a server"],
  ["page_with_relief.html", "With the relief", "The same with the relief: 1.3 MB"],
];
const ANIMATION = [
  ["gif", "GIF", "For every program, with 256 colours"],
  ["webm", "WebM", "A small video with all colours, for the web"],
  ["mp4", "MP4", "A video for slides and for other programs"],
];
const FIGURE = [
  ["svg", "SVG", "Lines and text that can be edited and printed at any size"],
  ["png", "PNG", "Pixels, for slides and for the web"],
];
const lost = (what) => `The ${what} cannot be exported, because the server cannot be reached`;

function group(title, sentence, ...children) {
  const id = `export-${title.toLowerCase()}`;
  const heading = make("h3", { id }, title);
  return make("section", { "aria-labelledby": id }, heading, make("p", {}, sentence), ...children);
}

/** A button for each of the `[value, label, title]` entries. */
function entries(list, choose) {
  const buttons = list.map(([value, label, title]) =>
    make("button", { type: "button", title, "data-export": value, onclick: () => choose(value) }, label),
  );
  return make("div", { className: "entries" }, ...buttons);
}

/** The modules that draw figures and animations are loaded for the first one. */
const MODULES = {
  figure: () => import("../figure/figure_file.js"),
  animation: () => import("../animation/animation_file.js"),
};

async function load(what) {
  try {
    return await MODULES[what]();
  } catch {
    throw new Error(lost(what));
  }
}

/** One export after another: a newer one replaces one that has not finished. */
function exporter({ say, status, close }) {
  let job = null;
  let refused = false;

  /** `task({report, signal})` returns a file `{name, blob}`; its errors are sentences. */
  async function save(task) {
    job?.abort();
    const own = (job = new AbortController());
    const { signal } = own;
    if (refused) say([]);
    refused = false;
    try {
      const file = await task({ report: (words, progress) => signal.aborted || status.work(words, progress), signal });
      if (signal.aborted) return;
      saveFile(file);
      status.end(`Saved ${file.name}`);
    } catch (error) {
      if (signal.aborted) return;
      refused = true;
      status.end("");
      close();
      say([error.message]);
    }
  }

  return {
    save,
    cancel() {
      job?.abort();
      status.end("Cancelled");
    },
  };
}

/** What the buttons do, by the kind of file. */
function savers({ store, runs, exportedFile }, jobs, options) {
  const page = { store, runs };
  return {
    server: (file) =>
      jobs.save(async ({ report, signal }) => {
        report("Waiting for the server", null);
        const { scene } = store.get();
        const found = await exportedFile(scene, file, signal);
        return withOutcome(found, scene, store.get(), runs(store.get()));
      }),
    figure: (format) =>
      jobs.save(async (job) => {
        job.report("Loading", null);
        const { figureFile } = await load("figure");
        return figureFile(page, { ...options.figure.chosen(), format }, job);
      }),
    animation: (format) =>
      jobs.save(async (job) => {
        job.report("Loading", null);
        const { animationFile } = await load("animation");
        return animationFile(page, { ...options.animation.chosen(), format }, job);
      }),
  };
}

/**
 * `exportedFile(scene, file, signal)` is a file of the server. Returns the function that follows the state.
 * @param {{store: any, runs: (state: any) => any[], say: (sentences: string[]) => void,
 *   exportedFile: (scene: any, file: string, signal: AbortSignal) => Promise<any>}} page
 */
export function exportMenu(page) {
  const menu = make("div", { id: "export-menu", className: "popover-menu", role: "dialog", "aria-label": "Export" });
  const status = exportStatus(() => jobs.cancel());
  const jobs = exporter({ say: page.say, status, close: () => menu.hidePopover() });
  const [figure, animation] = [figureOptions(), animationOptions()];
  const save = savers(page, jobs, { figure, animation });
  const formats = entries(ANIMATION, save.animation);

  menu.append(
    group("Data", "Positions, losses and gradients of both runs, step by step.", entries(DATA, save.server)),
    group("Code", "To repeat the runs, or to clip gradients in your own training.", entries(CODE, save.server)),
    group("Page", "To drag and play these runs without a server.", entries(PAGE, save.server)),
    group("Animation", "The descent, step by step.", ...animation.elements, formats, animation.missing),
    group("Figure", "With axes, key and caption.", ...figure.elements, entries(FIGURE, save.figure)),
    status.element,
  );
  const [first] = menu.querySelectorAll("button");
  /** @type {any} */ (first).autofocus = true;
  byId("export").after(menu);
  openBy(byId("export"), menu);
  byId("export").addEventListener("click", () => animation.offer(formats.children), { once: true });
  return (state) => {
    figure.sync(state);
    animation.sync(state);
  };
}
