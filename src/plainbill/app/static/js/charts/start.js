// Draws the charts when they come near the screen, from the very tables that stand beside them.
import { drawDays } from "./days.js";
import { drawRing } from "./ring.js";

/** @typedef {{destroy(): void, resize(width?: number, height?: number): void}} Drawn */
/** @type {Map<string, (canvas: HTMLCanvasElement, table: HTMLTableElement) => Drawn>} */
const DRAW = new Map([
  ["days-chart", drawDays],
  ["services-chart", drawRing],
]);
/** @type {Map<HTMLCanvasElement, Drawn>} */
const drawn = new Map();

/** Width and height of the columns on a sheet of paper. @type {[number, number]} */
const SHEET = [660, 280];

export function startCharts() {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLCanvasElement)) continue;
      near.unobserve(target);
      void load(target);
    }
  }, { rootMargin: "300px" });
  for (const canvas of document.querySelectorAll("canvas[data-library]")) near.observe(canvas);
  document.addEventListener("schemechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  startPrinting();
}

/** The library is a classic script, but importing it has the same effect and needs no script element. @param {HTMLCanvasElement} canvas */
async function load(canvas) {
  try {
    await import(canvas.dataset.library ?? "");
  } catch {
    openTwin(canvas); // The library is not there: the table says the same.
    return;
  }
  draw(canvas);
}

/** @param {HTMLCanvasElement} canvas */
function draw(canvas) {
  const table = document.getElementById(canvas.dataset.table ?? "");
  const drawing = DRAW.get(canvas.id);
  if (!drawing || !(table instanceof HTMLTableElement)) return;
  drawn.get(canvas)?.destroy();
  drawn.set(canvas, drawing(canvas, table));
}

function redraw() {
  for (const canvas of drawn.keys()) draw(canvas);
}

/** @param {HTMLCanvasElement} canvas */
function openTwin(canvas) {
  canvas.parentElement?.setAttribute("hidden", "");
  const twin = document.getElementById(canvas.dataset.table ?? "")?.closest("details");
  if (twin) twin.open = true;
}

/** Paper is white: draw for it, and back again. */
function startPrinting() {
  const root = document.documentElement;
  /** @type {string | undefined} */
  let before;
  addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    root.dataset.theme = "light";
    redraw();
    for (const [canvas, chart] of drawn) if (canvas.id === "days-chart") chart.resize(...SHEET);
  });
  addEventListener("afterprint", () => {
    if (before === undefined) delete root.dataset.theme;
    else root.dataset.theme = before;
    redraw();
  });
}
