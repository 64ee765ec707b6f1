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

/** Keep the camera above the horizon: half a screen's swipe would turn the surface upside down. */
export function keepAbove(element) {
  const [turntable] = element._fullLayout.scene._scene.camera.view._controllerList;
  turntable.angle.bounds[0][1] = LOWEST;
}

/**
 * Keep the drag mode that the first drawing has set. Plotly sets it again with every drawing, by a keyframe half a second
 * ahead, and drops all turns before that keyframe.
 */
export function keepDragMode(element) {
  element._fullLayout.scene._scene.updateFx = () => {};
}
