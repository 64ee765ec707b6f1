// What only a recurrent network has on the page: its slice's facts, training, the flow of gradients, progress. Loaded
// when the first net is chosen: who looks at the cliff alone need not wait for it.

import { flowView } from "./gradient_flow.js";
import { progressView } from "./progress.js";
import { sliceView } from "./slice.js";
import { trainingView } from "./training.js";

export function netView({ catalogue, controls, change, requests }) {
  const slice = sliceView({ catalogue, controls });
  const flow = flowView(catalogue);
  const training = trainingView({ catalogue, change, ...requests });
  const progress = progressView(requests);
  return {
    draw(state) {
      slice.sync(state);
      flow.draw(state);
      training.sync(state);
      progress.sync(state);
    },
  };
}
