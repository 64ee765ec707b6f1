// Plotly comes by a script tag of its own and carries no types.
declare const Plotly: any;

interface Window {
  Plotly: any;
}

// The page listens to elements only.
interface EventTarget {
  closest(selectors: string): any;
}
