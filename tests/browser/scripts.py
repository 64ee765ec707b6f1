"""Scripts that a visitor runs in the page."""

REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));"""
SCRUB = """(slider, step) => {
  slider.value = String(step);
  slider.dispatchEvent(new Event('input'));
}"""
# Let the page draw some frames; false if it draws none for some milliseconds.
DRAW_FRAMES = """([count, patience]) => new Promise((resolve) => {
  const timer = setTimeout(() => resolve(false), patience);
  const tick = () => {
    if (count--) return requestAnimationFrame(tick);
    clearTimeout(timer);
    resolve(true);
  };
  tick();
})"""
# Open the folds that contain an element.
REVEAL = """(selector) => {
  for (let one = document.querySelector(selector); one; one = one.parentElement) if ('open' in one) one.open = true;
}"""
# Go to another Scene, as the browser's back button does, with everything else as on a new page.
TURN = """([scene, address]) => {
  const open = document.querySelectorAll('dialog[open], :popover-open');
  for (const one of open) (one.close ?? one.hidePopover).call(one);
  document.activeElement.blur();
  // Recorders of earlier tests end; each would run in every frame for as long as the page is open.
  [window.seen, window.places] = [null, null];
  const play = document.getElementById('play');
  if (play.ariaPressed === 'true') play.click();
  document.getElementById('speed').value = '3';
  const hatching = document.getElementById('outcomes-differ');
  if (hatching?.checked) hatching.click();
  const folds = [...document.querySelectorAll('details:not(#every-start)')];
  for (const one of folds) one.open = one.matches('.part:not(.study)');
  for (const one of [window, document.getElementById('controls')]) one.scrollTo(0, 0);
  history.replaceState({ scene }, '', address);
  dispatchEvent(new PopStateEvent('popstate', { state: { scene } }));
}"""
