// First paint: work that waits until the first frame with both runs is on the screen.

export function firstPaint() {
  let callback = null;
  let over = false;

  /** Called after the browser has painted the next frame. */
  function finish(then) {
    performance.mark("painted");
    over = true;
    then();
  }

  return {
    /** Call `then` after the first paint. */
    after: (then) => (callback = then),
    over: () => over,
    /** Both runs have been drawn. The performance marks are for the benchmarks. */
    happened() {
      if (!callback) return;
      const then = callback;
      callback = null;
      performance.mark("draggable");
      // A task that is queued in a frame runs after that frame has been painted.
      requestAnimationFrame(() => setTimeout(() => finish(then)));
    },
  };
}
