// Outcomes on the page: what becomes of every start, or of every pair of two parameters, in both runs side by side.

import { runsOf, surfaceOf } from "../../state/scene/lookup.js";
import { axisLabel, moved, valueOf } from "../../state/scene/sweep_axes.js";
import { toQuery } from "../../state/scene/url.js";
import { cellAt, cellWords, limitWords, percent, QUANTITIES, sweepWords } from "../../state/runs/outcomes.js";
import { along, formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { undrawn } from "../canvas/colour.js";
import { byId, make } from "../elements/dom.js";
import { numberField, segmented } from "../elements/field.js";
import { outcomeAxesView } from "./outcome_axes.js";
import { boxOf, drawOutcomes, outcomeColour, placing } from "./outcome_picture.js";
import { pieces, prepared } from "../canvas/geometry.js";
import { STILL } from "../canvas/handle.js";
import { runStyles } from "../canvas/run_style.js";
import { drawPath } from "../canvas/paths.js";

/** Both pictures side by side as a PNG file, paths and all. */
async function savePicture(shown) {
  const [width, height] = [shown[0].picture.width, shown[0].picture.height];
  const sheet = new OffscreenCanvas(width * shown.length, height);
  const context = sheet.getContext("2d");
  context.fillStyle = runStyles().paper;
  context.fillRect(0, 0, sheet.width, sheet.height);
  shown.forEach(({ picture, overlay }, k) => {
    for (const canvas of [picture, overlay]) context.drawImage(canvas, k * width, 0);
  });
  const address = URL.createObjectURL(await sheet.convertToBlob({ type: "image/png" }));
  make("a", { href: address, download: "cliffscape-outcomes.png" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export function outcomesView({ catalogue, store, change, runs, play, say }) {
  const axes = outcomeAxesView({ catalogue, store, change, say });
  byId("outcomes-axes").append(...axes.elements);
  const [area, words, cell, legend] = ["outcomes", "outcomes-words", "outcomes-cell", "outcomes-legend"].map(byId);
  const canvases = ["without", "with"].map((run) => ({
    run,
    picture: byId(`outcomes-${run}`),
    overlay: byId(`outcomes-${run}-overlay`),
  }));
  let quantity = "outcome";
  let differ = true;
  let asked = 0;
  let seen = false;
  const choose = segmented("Shown", "outcomes-quantity", QUANTITIES, (value) => {
    quantity = value;
    choose.sync(quantity);
    redraw();
  });
  const hatch = make("input", { type: "checkbox", id: "outcomes-differ", checked: true, oninput: () => shade() });
  byId("outcomes-tools").prepend(choose.element, make("label", {}, hatch, " hatch where the two differ"));
  const cloud = numberField(catalogue.sweep[0], "cloud", (value, done) =>
    change((scene) => ({ ...scene, cloud: value }), done),
  );
  cloud.element.querySelector("label").textContent = "Starts averaged per cell";
  byId("outcomes-axes").append(cloud.element);
  byId("outcomes-png").addEventListener("click", (event) => {
    event.preventDefault();
    savePicture(shownCanvases());
  });
  const shownCanvases = () => canvases.filter(({ picture }) => !picture.parentElement.hidden);
  choose.sync(quantity);

  function redraw() {
    asked++;
    store.set({});
  }

  function shade() {
    differ = hatch.checked;
    redraw();
  }

  const namesOf = (frame, scene) => frame.axes.map(({ name }) => axisLabel(scene, name, store.get().slice));

  /** Where a pointer is, as shares of both axes. */
  function sharesAt(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return placing(boxOf(canvas)).shares(event.clientX - box.left, event.clientY - box.top);
  }

  function tell(canvas, event) {
    const { outcomes, scene } = store.get();
    if (!outcomes) return;
    const found = cellAt(outcomes, ...sharesAt(canvas, event));
    const names = namesOf(outcomes, scene);
    const place = names.map((name, k) => `${name} ${formatNumber(found.values[k])}`).join(", ");
    const each = runsOf(scene).map((run) => cellWords(outcomes, catalogue, run, found.index));
    cell.textContent = `${place}: ${each.join("; ")}`;
  }

  function follow(canvas) {
    let from = null;
    const to = (event, done) => {
      const { outcomes } = store.get();
      if (!outcomes) return;
      const { values } = cellAt(outcomes, ...sharesAt(canvas, event));
      store.set({ dragging: !done });
      change((scene) => moved(scene, outcomes.axes, values), done);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = [event.clientX, event.clientY];
      canvas.setPointerCapture(event.pointerId);
      to(event, false);
    });
    canvas.addEventListener("pointermove", (event) => {
      tell(canvas, event);
      if (from) to(event, false);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!from) return;
      const still = Math.hypot(event.clientX - from[0], event.clientY - from[1]) < STILL;
      from = null;
      to(event, true);
      // A click, not a drag: show that run from its start.
      if (still) play();
    });
    canvas.addEventListener("pointercancel", () => (from = null));
    canvas.addEventListener("pointerleave", () => (cell.textContent = ""));
  }
  for (const { overlay } of canvases) follow(overlay);

  function drawLegend(scale, outcomes) {
    if (!scale) {
      const items = catalogue.outcomes.map((name) => {
        const swatch = make("i", { className: "patch" });
        swatch.style.background = outcomeColour(name);
        return make("li", { title: catalogue.outcome_meanings[name] }, swatch, catalogue.outcome_labels[name]);
      });
      if (hatched(outcomes))
        items.push(
          make("li", {}, make("i", { className: "patch hatched" }), `the two differ: ${percent(outcomes.differ)}`),
        );
      return legend.replaceChildren(...items);
    }
    const swatch = make("i", { className: "patch wide" });
    const stops = [0, 64, 128, 192, 255].map((k) => {
      const colour = scale.colours[k];
      return `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
    });
    swatch.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    if (scale.share) return legend.replaceChildren(make("li", {}, "0 %", swatch, "100 %"));
    const ends = [scale.low, scale.high].map((value) => formatNumber(undrawn(value, "log")));
    legend.replaceChildren(
      make(
        "li",
        {},
        ends[0],
        swatch,
        `${ends[1]}${quantity === "converged_at" ? "; no colour: never" : " and more; no colour: diverged"}`,
      ),
    );
  }

  const paint = onChange(
    (s) => [s.outcomes, s.themeVersion, s.scene.runs, asked, area.clientWidth],
    ({ outcomes, scene }) => {
      const shown = runsOf(scene);
      const names = namesOf(outcomes, scene);
      const clouded = outcomes.cloud > 1;
      choose.element.querySelector("[data-value=converged]").hidden = !clouded;
      if (quantity === "converged" && !clouded) choose.sync((quantity = "outcome"));
      let scale = null;
      for (const { run, picture } of canvases) {
        picture.parentElement.hidden = !shown.includes(run);
        if (shown.includes(run))
          scale = drawOutcomes(picture, outcomes, run, quantity, {
            names,
            ids: catalogue.outcomes,
            differ: hatched(outcomes),
          });
      }
      drawLegend(scale, outcomes);
      const { solved } = surfaceOf(scene);
      const said = [sweepWords(outcomes, catalogue.outcomes, shown, solved !== null), limitWords(outcomes)];
      words.textContent = said.filter(Boolean).join(" ");
      area.dataset.columns = outcomes.columns;
    },
  );

  const hatched = ({ differ: share }) => differ && share > 0 && runsOf(store.get().scene).length > 1;

  /** Tables of what is shown, at the refinement that is shown. */
  function offer(scene, outcomes) {
    const query = `${toQuery(scene)}&cells=${outcomes.columns}`;
    for (const format of ["csv", "npz"]) byId(`outcomes-${format}`).href = `/exports/${scene.map}.${format}?${query}`;
  }

  const axesNow = onChange(
    (s) => [s.scene, s.outcomes],
    ({ scene, outcomes }) => {
      axes.sync(scene, outcomes);
      offer(scene, outcomes);
      cloud.sync(scene.cloud);
    },
  );

  function drawOver({ run, overlay }, { scene, outcomes }, current, step) {
    const context = prepared(overlay);
    const box = boxOf(overlay);
    const { pixel } = placing(box);
    const at = outcomes.axes.map((axis) => along(axis).share(valueOf(scene, axis.name)));
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    const item = current.find((one) => one.run === run);
    const plane = outcomes.axes.every(({ name }) => name.startsWith("start."));
    if (item && plane) {
      const [x, y] = outcomes.axes;
      const place = (px, py) => pixel(along(x).share(px), along(y).share(py));
      const { trajectory, summary } = item;
      const inside = pieces(trajectory, [x.low, x.high, y.low, y.high], summary.last);
      drawPath(context, { pieces: inside, trajectory, summary, look: runStyles()[run], place, step, box });
    }
    context.restore();
    // A value beyond the range has no place on this map.
    if (at.some((share) => share < 0 || share > 1)) return;
    const { ink, paper } = runStyles();
    const [px, py] = pixel(...at);
    context.beginPath();
    context.arc(px, py, 7, 0, 2 * Math.PI);
    for (const [colour, width] of Object.entries({ [paper]: 6, [ink]: 3 })) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  return {
    draw(state) {
      // While a lesson's question waits, the outcomes would give the answer away.
      area.hidden =
        state.hiddenAfter !== null || state.scene.map === "loss" || state.outcomes?.kind !== state.scene.map;
      if (area.hidden) return void (seen = false);
      if (!seen) area.scrollIntoView({ block: "nearest" });
      seen = true;
      axesNow(state);
      paint(state);
      const current = runs(state);
      const step = state.hover ?? state.step;
      for (const one of canvases) if (!one.overlay.parentElement.hidden) drawOver(one, state, current, step);
    },
  };
}
