// Lazy view: a part of the page whose module is loaded when the state needs it for the first time.

const AGAIN = 3000; // milliseconds after which a module is requested again that could not be loaded

/** Whether a module could not be loaded because the server cannot be reached. Browsers word this differently. */
const isLost = (error) => error instanceof TypeError && /import|module/i.test(error.message);

/** @param {(state: any) => boolean} needed @param {() => Promise<any>} load returns the view */
export function lazyView(store, needed, load) {
  let view = null;
  let loading = null;

  async function start() {
    try {
      view = await load();
    } catch (error) {
      if (!isLost(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      loading = null;
    }
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
