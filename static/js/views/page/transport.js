// Transport: play, pause, step, scrub and speed. Time runs in steps per second, with fractions of a step.

import { byId } from "../elements/dom.js";

const SPEEDS = [1, 2, 5, 10, 20, 50];
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

/** A clock that calls `advance(steps)` in every frame, or once per whole step for readers who want less motion. */
function stepClock(speed, advance) {
  let on = false;
  let before = 0;

  function tick(now) {
    if (!on) return;
    const whole = REDUCED_MOTION.matches;
    // The first frame may be older than the press of the button: steps never run backwards.
    const passed = (Math.max(now - before, 0) / 1000) * speed();
    if (!whole || passed >= 1) {
      before = now;
      advance(whole ? Math.floor(passed) : passed);
    }
    if (on) requestAnimationFrame(tick);
  }

  return {
    on: () => on,
    set(next) {
      on = next;
      if (!on) return;
      before = performance.now();
      requestAnimationFrame(tick);
    },
  };
}

/** Space plays, brackets step, unless the key belongs to the element that has the focus. */
function listenToKeys({ toggle, jump }) {
  const actions = { " ": toggle, "[": () => jump(-1), "]": () => jump(1) };
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || target.closest?.("input:not([type=range]), select, textarea, summary")) return;
    const act = actions[key];
    // A space presses the button that has the focus.
    if (!act || (key === " " && target.closest?.("button:not(.handle)"))) return;
    act();
    event.preventDefault();
  });
}

/** Play, pause and jump; `run` is what they act on, `showPlaying(on)` says it on the page. */
function player(run, speed, showPlaying) {
  const clock = stepClock(speed, (steps) => {
    const next = Math.min(run.step() + steps, run.steps());
    run.show(next);
    if (next >= run.steps()) set(false);
  });

  function set(on) {
    showPlaying(on);
    run.playing(on);
    if (on && run.step() >= run.steps()) run.show(0);
    clock.set(on);
  }

  const pause = () => clock.on() && set(false);
  return {
    play: () => clock.on() || set(true),
    pause,
    toggle: () => set(!clock.on()),
    /** Play from the first step, whatever is shown now. */
    replay() {
      run.show(0);
      set(true);
    },
    jump(by) {
      pause();
      run.show(Math.min(Math.max(Math.round(run.step()) + by, 0), run.steps()));
    },
    scrub(step) {
      pause();
      run.show(step);
    },
  };
}

/**
 * @param {{steps: () => number, step: () => number, show: (step: number) => void,
 *   playing: (on: boolean) => void}} run
 */
export function transportView(run) {
  const [button, scrub, label, speed] = ["play", "scrub", "step-label", "speed"].map(byId);
  const jumps = { first: -Infinity, back: -1, forward: 1, last: Infinity };
  const controls = [button, scrub, ...Object.keys(jumps).map(byId)];

  function showPlaying(on) {
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("span").textContent = on ? "Pause" : "Play";
  }

  const { play, pause, replay, ...actions } = player(run, () => SPEEDS[Number(speed.value)], showPlaying);
  button.addEventListener("click", actions.toggle);
  for (const [id, by] of Object.entries(jumps)) byId(id).addEventListener("click", () => actions.jump(by));
  scrub.addEventListener("input", () => actions.scrub(Number(scrub.value)));
  listenToKeys(actions);
  return {
    play,
    pause,
    replay,
    sync(step, steps, disabled = false) {
      for (const control of controls) control.disabled = disabled;
      scrub.max = String(steps);
      scrub.value = String(step);
      const text = `step ${Math.floor(step)} / ${steps}`;
      if (label.textContent !== text) label.textContent = text;
      scrub.setAttribute("aria-valuetext", text);
    },
  };
}
