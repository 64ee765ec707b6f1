// The tables of a report: quantiles, spikes and thresholds.

import { formatNumber, percent } from "../../state/numbers.js";
import { make } from "../elements/dom.js";
import { infoButton } from "../elements/info.js";

/** A text, with a button that explains it where `quantities` has a sentence for it. */
export function explainedText(text, quantities) {
  return quantities[text] ? [text, " ", infoButton(text, quantities[text])] : [text];
}

function table(head, rows, quantities) {
  const heads = head.map((text) => make("th", {}, ...explainedText(text, quantities)));
  const lines = rows.map((row) => make("tr", {}, ...row.map((text) => make("td", {}, text))));
  const whole = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines));
  return make("div", { className: "scroll" }, whole);
}

/** The quantiles of the norms. */
export function quantileTable(quantiles, shares, quantities) {
  const names = shares.map((share) => (share === 0 ? "smallest" : share === 1 ? "largest" : `${100 * share} %`));
  // The last column is one of words.
  return table([...names, "quantiles"], [[...quantiles.map(formatNumber), ""]], quantities);
}

/** How many norms each range holds, with a bar. */
export function distributionTable(rows) {
  const most = Math.max(...rows.map((row) => row.count));
  const lines = rows.map(({ low, high, count }) => {
    const bar = make("div", { className: "amount" });
    bar.style.width = `${(100 * count) / most}%`;
    const texts = [formatNumber(low), formatNumber(high), String(count)].map((text) => make("td", {}, text));
    return make("tr", {}, ...texts, make("td", {}, bar));
  });
  const head = ["from", "to", "norms", ""].map((text) => make("th", {}, text));
  return make(
    "table",
    { className: "distribution" },
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...lines),
  );
}

/** Spikes, each with the loss before and after it. */
export function spikeTable(spikes, quantities) {
  const number = (value) => (Number.isNaN(value) ? "" : formatNumber(value));
  const rows = spikes.map((one) => {
    const numbers = [one.norm, one.times, one.before, one.after];
    return [String(one.step), ...numbers.map(number), recoveryText(one)];
  });
  return table(["step", "norm", "times the median", "loss before", "loss after", ""], rows, quantities);
}

function recoveryText({ raised, recovered }) {
  if (!raised) return "";
  return recovered === undefined ? "never back" : `back after ${recovered} records`;
}

/** What round thresholds, and the recommended one, would do. */
export function thresholdTable({ effects, recommended }, { roles, quantities }) {
  const others = effects.filter((one) => one.threshold !== recommended?.threshold);
  const rows = [...others, ...(recommended ? [recommended] : [])]
    .sort((a, b) => a.threshold - b.threshold)
    .map((one) => [
      formatNumber(one.threshold),
      percent(one.clipped),
      percent(one.kept),
      roles[one.role] + (one === recommended ? " (recommended)" : ""),
    ]);
  return table(["threshold", "steps clipped", "length kept", "role"], rows, quantities);
}
