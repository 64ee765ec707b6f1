// Transport: play, pause, step, scrub and speed. Time runs in steps per second, between steps too.

import { byId } from "../elements/dom.js";

const SPEEDS = [1, 2, 5, 10, 20, 50];

/** @param {{steps: () => number, step: () => number, show: (step: number) => void, playing: (on: boolean) => void}} run */
export function transportView(run) {
  const [play, scrub, label, speed] = ["play", "scrub", "step-label", "speed"].map(byId);
  const jumps = ["first", "back", "forward", "last"].map(byId);
  let before = 0;
  let on = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function set(next) {
    on = next;
    play.setAttribute("aria-pressed", String(on));
    play.querySelector("span").textContent = on ? "Pause" : "Play";
    run.playing(on);
    if (!on) return;
    if (run.step() >= run.steps()) run.show(0);
    before = performance.now();
    requestAnimationFrame(tick);
  }

  function tick(now) {
    if (!on) return;
    const rate = SPEEDS[Number(speed.value)];
    const whole = still.matches;
    // The first frame's time may lie before the press: steps never run backwards.
    const passed = (Math.max(now - before, 0) / 1000) * rate;
    if (!whole || passed >= 1) {
      before = now;
      const next = Math.min(run.step() + (whole ? Math.floor(passed) : passed), run.steps());
      run.show(next);
      if (next >= run.steps()) return set(false);
    }
    requestAnimationFrame(tick);
  }

  function jump(by) {
    if (on) set(false);
    run.show(Math.min(Math.max(Math.round(run.step()) + by, 0), run.steps()));
  }

  play.addEventListener("click", () => set(!on));
  byId("first").addEventListener("click", () => jump(-Infinity));
  byId("last").addEventListener("click", () => jump(Infinity));
  byId("back").addEventListener("click", () => jump(-1));
  byId("forward").addEventListener("click", () => jump(1));
  scrub.addEventListener("input", () => {
    if (on) set(false);
    run.show(Number(scrub.value));
  });
  document.addEventListener("keydown", (event) => {
    if (
      event.target.closest?.("input:not([type=range]), select, textarea, summary") ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const act = { " ": () => set(!on), "[": () => jump(-1), "]": () => jump(1) }[event.key];
    if (!act || (event.key === " " && event.target.closest?.("button:not(.handle)"))) return;
    act();
    event.preventDefault();
  });
  return {
    play: () => on || set(true),
    pause: () => on && set(false),
    /** Play from the first step, whatever is shown now. */
    replay() {
      run.show(0);
      set(true);
    },
    sync(step, steps, barred = false) {
      for (const control of [play, scrub, ...jumps]) control.disabled = barred;
      scrub.max = String(steps);
      scrub.value = String(step);
      const text = `step ${Math.floor(step)} / ${steps}`;
      if (label.textContent !== text) label.textContent = text;
      scrub.setAttribute("aria-valuetext", text);
    },
  };
}
