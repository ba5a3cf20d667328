// Everything here improves a page that already works without it.
import { startCharts } from "./charts/start.js";
import { startCopy } from "./copy.js";
import { startPictures } from "./picture.js";
import { startKeys } from "./keys.js";
import { startRefresh } from "./refresh.js";
import { startSliders } from "./sliders.js";
import { startSwap } from "./swap.js";
import { startThemeSwitch } from "./theme-switch.js";

startThemeSwitch();
startSwap();
startSliders();
startRefresh();
startKeys();
startCharts();
startCopy();
startPictures();

// The panel of filters closes like a menu: by Escape or by a press elsewhere.
const filters = document.querySelector("details.filters");
if (filters instanceof HTMLDetailsElement) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !filters.open) return;
    filters.open = false;
    filters.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !filters.contains(event.target)) filters.open = false;
  });
}
