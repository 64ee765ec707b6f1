// Lazy view: a part of the page whose module is loaded when the state needs it for the first time.

/** @param {(state: any) => boolean} needed @param {() => Promise<any>} load returns the view */
export function lazyView(store, needed, load) {
  let view = null;
  let loading = null;

  async function start() {
    view = await load();
    // Request a frame: otherwise the view would stay empty until something else changes.
    store.set({});
  }

  return {
    draw(state) {
      if (view) return view.draw(state);
      if (needed(state)) loading ??= start();
    },
  };
}
