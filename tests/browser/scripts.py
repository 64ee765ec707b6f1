"""Scripts that a visitor runs in the page."""

REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));"""
SCRUB = """(slider, step) => {
  slider.value = String(step);
  slider.dispatchEvent(new Event('input'));
}"""
# Open the folds that contain an element.
REVEAL = """(selector) => {
  for (let one = document.querySelector(selector); one; one = one.parentElement) if ('open' in one) one.open = true;
}"""
