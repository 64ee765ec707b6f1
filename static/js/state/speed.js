// Speed: how fast steps are played, in steps per second.

export const SPEEDS = [1, 2, 5, 10, 20, 50, 200, 1000, 5000]; // the options of the page's menu

/** The first option, from `least` on, that plays a run within some seconds; the last one if none does. */
export function speedWithin(steps, seconds, least) {
  const fast = SPEEDS.findIndex((speed, k) => k >= least && steps <= speed * seconds);
  return fast < 0 ? SPEEDS.length - 1 : fast;
}
