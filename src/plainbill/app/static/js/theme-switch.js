// Light, dark or as the system says.
import { keep, kept } from "./kept.js";

export function startThemeSwitch() {
  const box = document.getElementById("theme");
  if (!(box instanceof HTMLFieldSetElement)) return;
  const now = kept("theme", "system");
  for (const radio of box.querySelectorAll("input")) {
    radio.checked = radio.value === now;
    radio.addEventListener("change", () => choose(radio.value));
  }
}

/** @param {string} theme */
function choose(theme) {
  keep("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("schemechange"));
}
