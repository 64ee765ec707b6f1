// Camera: from the relief's data to pixels and back, with the camera of Plotly's own scene.

/** A point times a column-major 4 x 4 matrix, in plain numbers: a frame projects hundreds of points. */
function transform(m, x, y, z) {
  const w = m[3] * x + m[7] * y + m[11] * z + m[15];
  return [
    (m[0] * x + m[4] * y + m[8] * z + m[12]) / w,
    (m[1] * x + m[5] * y + m[9] * z + m[13]) / w,
    (m[2] * x + m[6] * y + m[10] * z + m[14]) / w,
  ];
}

/** From the data to the cube [-1, 1]^3 that is seen. The scale is a matrix, since `scaleSelf` rounds to float32. */
function matrixOf({ model, view, projection }, [sx, sy, sz]) {
  return new DOMMatrix(projection)
    .multiplySelf(new DOMMatrix(view))
    .multiplySelf(new DOMMatrix(model))
    .multiplySelf(new DOMMatrix([sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, sz, 0, 0, 0, 0, 1]));
}

/** The scene's camera as `toPixel(x, y, z)` and `ray(px, py)` in CSS pixels of the element; null until it exists. */
export function cameraOf(element) {
  const scene = element._fullLayout?.scene?._scene;
  const parameters = scene?.glplot?.cameraParams;
  if (!parameters?.projection) return null;
  const toView = matrixOf(parameters, scene.dataScale);
  const forward = toView.toFloat64Array();
  const { offsetLeft: left, offsetTop: top, clientWidth: width, clientHeight: height } = scene.container;
  let back = null;
  return {
    toPixel(x, y, z) {
      const [a, b] = transform(forward, x, y, z);
      return [left + ((a + 1) / 2) * width, top + ((1 - b) / 2) * height];
    },
    /** @returns {[number[], number[]]} */
    ray(px, py) {
      back ??= toView.inverse().toFloat64Array();
      const a = ((px - left) / width) * 2 - 1;
      const b = 1 - ((py - top) / height) * 2;
      return [transform(back, a, b, -1), transform(back, a, b, 1)];
    },
  };
}

const LOWEST = 0.15; // radians above the horizon

/** Make a part of the camera's position, such as its angles, follow the pointer at once and stand still with it. */
function followAtOnce(part) {
  const { set } = Object.getPrototypeOf(part);
  const place = () => part.curve(part.lastT());
  part.set = (time, ...values) => {
    set.call(part, Math.max(time, part.lastT()), ...values);
    part.flush(Infinity); // all keyframes but the last
  };
  part.jump = part.set;
  part.move = (time, ...steps) => part.set(time, ...place().map((value, k) => value + steps[k]));
  part.idle = (time) => part.set(time, ...place());
  // Plotly's first keyframe is half a second ahead.
  part.flush(Infinity);
  part._time = [0];
}

/**
 * Let the camera turn by what the pointer moves, and not below the horizon, where half a swipe would show the surface
 * upside down. Plotly's own camera follows two frames late, and until the next frame it goes on turning at the speed of
 * the pointer's last movement: where a frame takes a third of a second, it ends anywhere. Turns before its first
 * keyframe are dropped.
 */
export function steadyCamera(element) {
  const { camera } = element._fullLayout.scene._scene;
  const [turntable] = camera.view._controllerList;
  const { angle, center, radius, right, up } = turntable;
  for (const part of [angle, center, radius, right, up]) followAtOnce(part);
  camera.delay = 0;
  angle.bounds[0][1] = LOWEST;
}

/** Keep the drag mode of the first drawing. Plotly sets it again with every drawing, and forgets turns between frames. */
export function keepDragMode(element) {
  element._fullLayout.scene._scene.updateFx = () => {};
}
