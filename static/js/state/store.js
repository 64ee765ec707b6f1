// Store: one object with everything that the page shows. Values are replaced and never changed in place, so === tells
// whether a value has changed.

/** @param {Record<string, any>} initial */
export function createStore(initial) {
  let state = initial;
  let frame = 0;
  const listeners = [];

  function draw() {
    frame = 0;
    for (const listener of listeners) listener(state);
  }

  return {
    get: () => state,
    /** Replace some values. Listeners run once per frame, even if several values change before it. */
    set(patch) {
      state = { ...state, ...patch };
      if (!frame) frame = requestAnimationFrame(draw);
    },
    subscribe: (listener) => listeners.push(listener),
  };
}

/** Call `effect` only when one of the values that `select` returns has changed. */
export function onChange(select, effect) {
  let before = [];
  return (state) => {
    const now = select(state);
    if (now.length === before.length && now.every((value, k) => value === before[k])) return;
    const previous = before;
    before = now;
    effect(state, previous);
  };
}
