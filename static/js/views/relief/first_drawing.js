// First drawing: with software graphics, compiling Plotly's shaders for a surface takes a third of a second. It is divided
// into tasks, so that meanwhile the page follows the hand.

const POINTS = ["x", "y", "z", "surfacecolor"];

/**
 * One cell of a surface, for which the same shaders are compiled: its first four points, at the lowest height. The
 * surface may have a hole there, and Plotly draws nothing ever after a surface without a single point.
 */
function cornerOf(trace) {
  const corner = { ...trace };
  for (const name of POINTS) corner[name] = trace[name].slice(0, 2).map((row) => row.slice(0, 2));
  for (const row of corner.z) row.fill(0);
  return corner;
}

/** Resolves in a task of its own after the next frame. */
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/**
 * Leave out the pass in which Plotly draws what is under the pointer. With every new camera it draws the surface a second
 * time and waits until the graphics card has sent back all pixels. Here a ray finds the point under the pointer (ray.js).
 */
function leaveOutPicking({ glplot }) {
  const { add } = glplot;
  glplot.add = (object) => {
    object.pickSlots = 0;
    add(object);
  };
}

/** Draw the axes in an element, and then a cell of the trace; what remains to be drawn needs no new shader. */
export async function drawFirst(Plotly, element, trace, layout, options) {
  await Plotly.react(element, [{ ...trace, visible: "legendonly" }], layout, options);
  leaveOutPicking(element._fullLayout.scene._scene);
  await nextFrame();
  await Plotly.react(element, [cornerOf(trace)], layout, options);
  await nextFrame();
}
