// The report on a log: the recommendation first, then what it rests on.

import { sentences } from "../../state/advice/words.js";
import { formatNumber, percent } from "../../state/numbers.js";
import { make } from "../elements/dom.js";
import { normPlot } from "./norm_plot.js";
import { distributionTable, explainedText, quantileTable, spikeTable, thresholdTable } from "./tables.js";

const paragraphs = (texts) => texts.map((text) => make("p", {}, text));
const section = (title, ...children) => make("section", {}, make("h2", {}, ...[title].flat()), ...children);

/** The elements of a report on a run; `reading` is what was read, and `tables` are those of the server. */
export function reportOf(reading, report, tables) {
  const say = sentences(tables);
  const { quantities, rules } = tables;
  const norms = explainedText("Gradient norms", quantities);
  return [
    recommendationSection(report, say, tables.code),
    section(norms, ...paragraphs(normTexts(report, say)), ...normPictures(report, rules, quantities)),
    section("Spikes", ...spikeParts(report.spikes, say, rules.spikes.TIMES, quantities)),
    section("Thresholds", thresholdTable(report, tables), ...paragraphs(ruleTexts(report, say))),
    section("Log", ...paragraphs(logTexts(reading, report, say))),
  ];
}

function recommendationSection({ recommendation, recommended }, say, code) {
  const { kind, threshold, reasons, unknown } = recommendation;
  const texts = reasons.map(({ name, values }) => say(name, values));
  if (recommended) {
    texts.push(say("effect", { clipped: percent(recommended.clipped), kept: percent(recommended.kept) }));
  }
  const literal = Number.isInteger(threshold) ? `${threshold}.0` : String(threshold);
  const lines = Object.entries(code).map(([name, line]) =>
    make("li", {}, `${name}: `, make("code", {}, line.replace("{threshold}", literal))),
  );
  return section(
    "Recommendation",
    make("p", { className: "advised" }, say(`kind_${kind}`, recommendation)),
    ...paragraphs(texts),
    make("p", {}, "Not known:"),
    make("ul", {}, ...unknown.map(({ name, values }) => make("li", {}, say(name, values)))),
    threshold > 0 ? make("p", {}, "In your code:") : null,
    threshold > 0 ? make("ul", { className: "code" }, ...lines) : null,
  );
}

function normTexts({ ceiling, place, warm, trend, nonfinite: { count, steps } }, say) {
  const texts = [ceiling === undefined ? say(place) : say("ceiling", { ceiling })];
  if (warm.records) texts.push(say(warm.reason, { records: warm.records, step: warm.step }));
  if (trend) texts.push(say("trend", { first: trend[0], last: trend[1] }));
  if (count) {
    const more = count > steps.length ? ` and ${count - steps.length} more` : "";
    texts.push(
      say("nonfinite_steps", { count, steps: `${count === 1 ? "step" : "steps"} ${steps.join(", ")}${more}` }),
    );
  }
  return texts;
}

/** The norms over the steps with a threshold that can be moved, and their quantiles. */
function normPictures({ picture, slider: scale, quantiles, bars }, rules, quantities) {
  if (!picture) return [];
  const { initial, effects } = scale;
  const plot = normPlot(picture);
  const output = make("output", { for: "threshold" });
  const update = () => {
    const { threshold, clipped, kept } = effects[Number(slider.value)];
    plot.move(threshold);
    output.textContent = `${formatNumber(threshold)}: clips ${percent(clipped)} of the steps, keeps ${percent(kept)} of their lengths`;
  };
  const most = String(effects.length - 1);
  const slider = make("input", { type: "range", id: "threshold", min: "0", max: most, oninput: update });
  slider.value = String(initial);
  update();
  const label = make("label", { for: "threshold" }, "Threshold");
  const control = make("p", { className: "threshold" }, label, slider, output);
  const caption = make(
    "p",
    { className: "note" },
    "Gradient norm over the steps, on a log scale. The line is the threshold.",
  );
  const table = quantileTable(quantiles, rules.advice.QUANTILES, quantities);
  return [plot.svg, caption, control, table, ...(bars.length ? [distributionTable(bars)] : [])];
}

function spikeParts({ count, raised, hasLosses, largest }, say, times, quantities) {
  if (!count) return paragraphs([say("no_spike", { times })]);
  const texts = [say("some_spikes", { count, times })];
  if (hasLosses) texts.push(say(raised ? "spikes_raise" : "spikes_harmless", { raised }));
  return [...paragraphs(texts), spikeTable(largest, quantities)];
}

/** The book's range, and what the clips that learn their thresholds would have done. */
function ruleTexts({ book, replays }, say) {
  // Without a finite norm there is nothing that a clip would have done.
  const known = replays.filter(({ largest }) => Number.isFinite(largest));
  const others = known.map((one) => {
    if (one.undefined !== undefined) return say("replay_undefined", { ...one, undefined: one.undefined + 1 });
    const uncut = formatNumber(one.largest) === formatNumber(one.largest_after);
    return say(uncut ? "replay_uncut" : "replay", { ...one, clipped: percent(one.clipped), kept: percent(one.kept) });
  });
  return [...(Number.isFinite(book.mean) ? [say("book", book)] : []), ...others];
}

function countOf(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function logTexts({ format, counts, records, withNorm }, { columns, others, numbered, repeated }, say) {
  const named = Object.entries(columns).map(([quantity, name]) => `${quantity.replace("_", " ")} = ${name}`);
  const without = records - withNorm;
  const rest = [`${countOf(withNorm, "record")} with a gradient norm in ${countOf(counts.lines, "line")}`];
  if (without > 0) rest.push(`${countOf(without, "record")} without one`);
  if (counts.other) rest.push(`${countOf(counts.other, "line")} of other content`);
  if (counts.broken) {
    rest.push(`${countOf(counts.broken, "line")} that cannot be read, from line ${counts.firstBroken} on`);
  }
  const texts = [`${format.label}. Columns: ${named.join(", ")}.`];
  texts.push(`${rest.join("; ")}.`);
  if (numbered) texts.push(say("numbered"));
  if (repeated) texts.push(say("repeated", { repeated }));
  if (others.length) texts.push(say("other_norms", { names: others.join(", ") }));
  if (format.note) texts.push(format.note);
  return texts;
}
