// Transport: play, pause, step, scrub and speed. Time runs in steps per second, with fractions of a step.

import { hasPart } from "../../state/presentation.js";
import { SPEEDS, speedWithin } from "../../state/speed.js";
import { byId } from "../elements/dom.js";
import { keyList } from "./key_list.js";

const TRANSPORT = ["transport", "play", "step", "step_buttons"]; // the parts of the page
const LONG = 1000; // steps: a longer run selects a speed that plays it in LONGEST seconds
const LONGEST = 100;
const REDUCED_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

/** A clock that calls `advance(steps)` in every frame, or once per whole step for readers who want less motion. */
function stepClock(speed, advance) {
  let on = false;
  let before = 0;

  function tick(now) {
    if (!on) return;
    const whole = REDUCED_MOTION.matches;
    // The first frame's time stamp may be earlier than the press of the button. Steps must not run backwards.
    const passed = (Math.max(now - before, 0) / 1000) * speed();
    // With reduced motion, time adds up until a whole step has passed.
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

const keysOf = ({ toggle, jump }) => ({ " ": toggle, "[": () => jump(-1), "]": () => jump(1) });

/** Space plays, brackets step, and "?" lists the keys, unless the key belongs to the element that has the focus. */
function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    // A slider does not use space or brackets, so these keys also work while it has the focus.
    if (ctrlKey || metaKey || altKey || target.closest?.("input:not([type=range]), select, textarea, summary")) return;
    const act = actions[key];
    // A space presses the button that has the focus.
    if (!act || (key === " " && target.closest?.("button:not(.handle)"))) return;
    act();
    event.preventDefault();
  });
}

/** Play, pause and jump. `run` reads and shows the step, and `showPlaying(on)` updates the button. */
function player(run, speed, showPlaying) {
  const clock = stepClock(speed, (steps) => {
    const next = Math.min(run.step() + steps, run.steps());
    run.show(next);
    if (next >= run.steps()) set(false);
  });

  function set(on) {
    showPlaying(on);
    run.playing(on);
    // At the end there is nothing left to play, so it starts over.
    if (on && run.step() >= run.steps()) run.show(0);
    clock.set(on);
  }

  const pause = () => clock.on() && set(false);
  return {
    play: () => clock.on() || set(true),
    pause,
    toggle: () => set(!clock.on()),
    /** Play from the first step. */
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
  // A page without these must not take keys from a reader who scrolls.
  listenToKeys({ ...(TRANSPORT.some(hasPart) && keysOf(actions)), "?": keyList() });
  let known = 0;

  /** Ten steps per second would play a run of 100,000 steps for hours. */
  function selectSpeed(steps) {
    if (steps === known) return;
    known = steps;
    if (steps <= LONG) return;
    speed.value = String(speedWithin(steps, LONGEST, Number(speed.value)));
  }

  return {
    play,
    pause,
    replay,
    sync(step, steps, disabled = false) {
      for (const control of controls) control.disabled = disabled;
      selectSpeed(steps);
      scrub.max = String(steps);
      scrub.value = String(step);
      const text = `step ${Math.floor(step)} / ${steps}`;
      if (label.textContent !== text) label.textContent = text;
      // The slider has fractions of a step, which a screen reader would read out.
      scrub.setAttribute("aria-valuetext", text);
    },
  };
}
