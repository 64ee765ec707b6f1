// Vector kernel: the runs of a sweep in WebAssembly. The module of a kernel has them as text, next to the same runs in
// JavaScript, which take three times as long.

const compiled = new WeakMap();

/** `run(parameters, starts, steps)` of `together` runs, whose numbers go through the memory of an instance. */
function runIn({ exports }, together, names, columns) {
  const numbers = new Float64Array(exports.memory.buffer);
  const results = (names.length + 2) * together;
  return function run(parameters, starts, steps) {
    for (let one = 0; one < together; one++)
      [...parameters[one], ...starts[one]].forEach((number, k) => (numbers[k * together + one] = number));
    exports.run(steps);
    return Array.from({ length: together * columns.length }, (_, k) => {
      const [one, column] = [Math.floor(k / columns.length), k % columns.length];
      return numbers[results + column * together + one];
    });
  };
}

async function compile(kernel) {
  const { together, functions, code } = kernel.vectors;
  const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { functions });
  return { ...kernel, together, run: runIn(instance, together, kernel.parameters, kernel.columns) };
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
