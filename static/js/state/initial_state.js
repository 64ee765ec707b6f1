// Initial state: the values in the store before any frame has arrived.

/** What the server or a worker has sent, and for which Scene. */
const received = () => ({
  surface: null,
  minima: null,
  relief: null,
  kernels: null,
  kernelsFor: "",
  curvature: null,
  curvatureFor: "",
  sweepKernels: null,
  sweepKernelsFor: "",
  bias: null,
  biasFor: "",
  slice: null,
  pair: null,
  longRuns: null,
  gradientFlow: null,
  study: null,
  training: null,
  trainingStatus: "",
  projection: null,
  outcomes: null,
  keys: {},
  complete: {},
});

/** How far pictures are that take long, and whether the visitor has cancelled them. */
const underWay = () => ({
  progress: null,
  stopped: false,
  // Those of the outcome map; the signature of the one that is cancelled.
  mapProgress: null,
  mapStopped: "",
});

/**
 * @param {{scene: any, version: string, maps_on_server?: boolean}} opening
 * @param {any} reading the state of a lesson
 */
export function initialState({ scene, version, maps_on_server: mapsOnServer = false }, reading) {
  return {
    scene,
    version,
    ...reading,
    ...received(),
    ...underWay(),
    mapsOnServer,
    studyOpen: false,
    open: {},
    outcomesShown: null,
    outcomesSought: 0, // how often the visitor has asked for the outcome map
    step: reading.hiddenAfter ?? scene.steps,
    hover: null,
    playing: false,
    dragging: false,
    plotly: null,
    themeVersion: 0,
  };
}
