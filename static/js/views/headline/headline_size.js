// Headline size: the type of the sentences is as large as the place that the layout keeps for them allows. The place does
// not depend on the sentences, so that nothing below it moves while something is dragged.

const STEP = 0.05; // of the full size: with few sizes, the type changes rarely
const LEAST = 0.5;

/**
 * Both sentences have one size. While they change it only becomes smaller, because type that grows and shrinks with
 * every sentence cannot be read.
 * @param {HTMLElement} element
 * @param {() => HTMLElement[]} shown the sentences
 */
export function headlineSize(element, shown) {
  let steps = 0;

  function setSteps(next) {
    if (next === steps) return;
    steps = next;
    element.style.setProperty("--size", String(1 - steps * STEP));
  }

  const fits = () => shown().every((one) => one.offsetHeight <= one.parentElement.clientHeight);

  function shrink() {
    while (!fits() && 1 - (steps + 1) * STEP >= LEAST) setSteps(steps + 1);
  }

  function grow() {
    setSteps(0);
    shrink();
  }

  // The window or the type of the page has another size. The observer is called before the page is painted.
  new ResizeObserver(grow).observe(element);
  return { shrink, grow };
}
