// Theme: runs before the first paint, so that the page does not flash in the other theme.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  let kept = {};
  try {
    kept = { ...localStorage };
  } catch {
    // Storage may be forbidden; the page then uses the system's theme.
  }
  root.dataset.theme = kept.theme ?? (dark ? "dark" : "light");
  root.dataset.projector = kept.projector ?? "off";
})();
