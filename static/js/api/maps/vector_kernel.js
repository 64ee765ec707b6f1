// Vector kernel: the lanes of a sweep in WebAssembly. The module of a kernel has them as text, next to the same lanes in
// JavaScript, which take three times as long.

const compiled = new WeakMap();

/** `run(parameters, starts, steps)` of some lanes, whose numbers go through the memory of an instance. */
function lanesOf({ exports }, lanes, names, columns) {
  const numbers = new Float64Array(exports.memory.buffer);
  const results = (names.length + 2) * lanes;
  return function run(parameters, starts, steps) {
    for (let lane = 0; lane < lanes; lane++)
      [...parameters[lane], ...starts[lane]].forEach((number, k) => (numbers[k * lanes + lane] = number));
    exports.run(steps);
    return Array.from({ length: lanes * columns.length }, (_, k) => {
      const [lane, column] = [Math.floor(k / columns.length), k % columns.length];
      return numbers[results + column * lanes + lane];
    });
  };
}

async function compile(kernel) {
  const { lanes, functions, code } = kernel.vectors;
  const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { functions });
  return { ...kernel, together: lanes, run: lanesOf(instance, lanes, kernel.parameters, kernel.columns) };
}

/** A kernel whose `run` is in WebAssembly; the kernel itself if it has no such code, or the browser has no vectors. */
export async function withVectors(kernel) {
  if (!kernel.vectors) return kernel;
  if (!compiled.has(kernel))
    compiled.set(
      kernel,
      compile(kernel).catch(() => kernel),
    );
  return compiled.get(kernel);
}
