// Initial state: the values in the store before any frame has arrived.

/**
 * @param {{scene: any, version: string, maps_on_server?: boolean}} opening
 * @param {any} reading the state of a lesson
 */
export function initialState({ scene, version, maps_on_server: mapsOnServer = false }, reading) {
  return {
    scene,
    version,
    ...reading,
    surface: null,
    minima: null,
    relief: null,
    kernels: null,
    kernelsFor: "",
    curvature: null,
    curvatureFor: "",
    sweepKernels: null,
    sweepKernelsFor: "",
    mapsOnServer,
    bias: null,
    biasFor: "",
    slice: null,
    pair: null,
    longRuns: null,
    gradientFlow: null,
    study: null,
    studyOpen: false,
    open: {},
    progress: null,
    // How far the outcome map is, and the signature of the one that the visitor has cancelled.
    mapProgress: null,
    mapStopped: "",
    keys: {},
    complete: {},
    stopped: false,
    training: null,
    trainingStatus: "",
    projection: null,
    outcomes: null,
    outcomesShown: null,
    step: reading.hiddenAfter ?? scene.steps,
    hover: null,
    outcomesSought: 0, // how often the visitor has asked for the outcome map
    playing: false,
    dragging: false,
    plotly: null,
    themeVersion: 0,
  };
}
