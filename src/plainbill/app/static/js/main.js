// Everything here improves a page that already works without it.
import { startCharts } from "./charts/start.js";
import { startCopy } from "./copy.js";
import { startDoctor } from "./doctor.js";
import { startPictures } from "./picture.js";
import { startKeys } from "./keys.js";
import { startLook } from "./look.js";
import { startPalette } from "./palette.js";
import { startRefresh } from "./refresh.js";
import { startSliders } from "./sliders.js";
import { startSwap } from "./swap.js";

startLook();
startSwap();
startSliders();
startRefresh();
startDoctor();
startKeys();
startPalette();
startCharts();
startCopy();
startPictures();

// Panels close like a menu: by Escape or by a press elsewhere.
for (const menu of document.querySelectorAll("details:is(.filters, .menu)")) {
  if (!(menu instanceof HTMLDetailsElement)) continue;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
}
