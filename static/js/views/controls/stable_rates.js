// Stable rates: 2/sharpness at each run's end and at the known minimum next to it, as marks on the learning rate's
// slider and as a sentence. Only optimizers that declare this limit have it.

import { signature } from "../../state/scene/dependencies.js";
import { entryOf, noKernel, isNetwork } from "../../state/scene/lookup.js";
import { minimumRate, sentRates, stableRates } from "../../state/runs/pair.js";
import { formatNumber } from "../../state/numbers.js";
import { onChange } from "../../state/store.js";
import { byId, setText } from "../elements/dom.js";

const FLAT = 1e4; // far above every learning rate on the slider: the surface is practically flat

/** A rate in words. It is 0 where the sharpness is Inf, and NaN where the sharpness is. */
function rateText(rate) {
  if (Number.isNaN(rate) || rate === 0) return "unknown (the curvature overflows)";
  return rate < FLAT ? formatNumber(rate) : "none (flat or concave there)";
}

/** The limits at the runs' ends, at the known minimum and of the whole network, each with a title and a phrase. */
function describe({ ends, minimum, network }) {
  const limits = ends.map(({ run, rate }) => ({
    rate,
    className: run,
    title: `2/sharpness at the end, ${run} clipping`,
    place: `at the end ${run} clipping`,
  }));
  const className = "minimum";
  if (minimum) {
    const title = "2/sharpness at the nearest known minimum";
    limits.push({ rate: minimum, className, title, place: "at the nearest known minimum" });
  }
  if (network) {
    const title = "2/λ of the whole network at the start";
    limits.push({ rate: network, className, title, place: "for the whole network at the start (2/λ)" });
  }
  return limits;
}

/** The one limit that matters most: at the known minimum, or else at the end of the last run. */
function limitText({ ends, minimum, network }) {
  const known = (rate) => rate > 0 && rate < FLAT;
  if (known(minimum)) return `Stable up to ${formatNumber(minimum)} (nearest minimum)`;
  if (known(network)) return `Stable up to ${formatNumber(network)} for the network`;
  const last = ends.findLast(({ rate }) => known(rate));
  return last ? `Stable up to ${formatNumber(last.rate)} (end of the run)` : "No stable limit known here";
}

function show(controls, rates) {
  const limits = describe(rates);
  controls.markRate(
    limits.map(({ rate, className, title }) => ({ value: rate, className, title: `${title}: ${formatNumber(rate)}` })),
  );
  const texts = limits.map(({ rate, place }) => `${rateText(rate)} ${place}`);
  setText(byId("stable-limit"), limits.length ? limitText(rates) : "");
  byId("stable").textContent = texts.length ? `Stable limit 2/sharpness: ${texts.join("; ")}` : "";
}

/** The limits of a state, 0 for each that is not known. */
function ratesOf(state, current) {
  const { scene, curvature, pair, surface, slice } = state;
  const limited = "Stable limit" in entryOf("optimizer", scene.optimizer.kind).notes;
  if (!limited) return { ends: [], minimum: 0, network: 0 };
  if (noKernel(scene)) {
    const network = isNetwork(scene) ? slice?.facts.sharpness_limit : 0;
    return { ends: sentRates(pair, current), minimum: 0, network };
  }
  const minimum = minimumRate(scene, curvature, current, [...surface.minima, ...surface.local_minima]);
  return { ends: stableRates(scene, curvature, current), minimum, network: 0 };
}

export function ratesView({ runs, controls }) {
  return onChange(
    (s) => [runs(s), s.curvature, s.scene.optimizer, s.surface, s.slice],
    (state) => {
      const { scene, curvatureFor } = state;
      // Marks from another landscape's curvature would be wrong: the old marks stay until the new curvature arrives.
      if (!noKernel(scene) && curvatureFor !== signature("curvature", scene)) return;
      show(controls, ratesOf(state, runs(state)));
    },
  );
}
