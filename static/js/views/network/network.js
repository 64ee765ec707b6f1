// Network: the parts of the page for recurrent networks. They are loaded when the first network is chosen, so that
// other landscapes do not wait for them.

import { flowView } from "./gradient_flow.js";
import { progressView } from "./progress.js";
import { sliceView } from "./slice.js";
import { trainingView } from "./training.js";

/** `requests` trains, pauses and discards runs, and cancels and resumes pictures. */
export function networkView({ controls, change, requests }) {
  const slice = sliceView({ controls });
  const flow = flowView();
  const training = trainingView({ change, act: requests });
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
