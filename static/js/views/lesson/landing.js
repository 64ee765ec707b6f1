// Landing: a line from the reader's mark to the point where the step lands.

import { cut } from "../canvas/geometry.js";
import { byId } from "../elements/dom.js";

export function landingView() {
  const drawing = byId("mark-line");
  const [line, cross] = drawing.children;

  /** Draw the line to the landing, or to the edge of the window if the landing is outside. */
  function drawLine(window, { toPixel }, [x, y], truth) {
    const share = cut(window, x, y, truth[0], truth[1])?.[1] ?? 0;
    const [x1, y1] = toPixel(x, y);
    const [x2, y2] = toPixel(x + (truth[0] - x) * share, y + (truth[1] - y) * share);
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, String(value));
    cross.setAttribute("transform", `translate(${x2} ${y2})`);
    cross.toggleAttribute("hidden", share < 1);
  }

  return {
    /** `answer` is null while the reader is asked. */
    draw(window, map, answer) {
      drawing.toggleAttribute("hidden", !answer);
      if (answer) drawLine(window, map, answer.guess, answer.truth);
    },
  };
}
