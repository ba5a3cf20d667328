// The theme and the density: radio buttons in the header and on the page of settings, which follow each other.
import { keep } from "./kept.js";

export function startLook() {
  for (const box of boxes()) {
    for (const radio of box.querySelectorAll("input")) {
      radio.addEventListener("change", () => choose(box.dataset.choice ?? "", radio.value, box.dataset.usual ?? ""));
    }
  }
  follow();
}

/** @returns {HTMLFieldSetElement[]} */
function boxes() {
  return [...document.querySelectorAll("fieldset")].filter((box) => box.dataset.choice);
}

function follow() {
  for (const box of boxes()) {
    const now = document.documentElement.dataset[box.dataset.choice ?? ""] ?? box.dataset.usual;
    for (const radio of box.querySelectorAll("input")) radio.checked = radio.value === now;
  }
}

/** @param {string} choice @param {string} value @param {string} usual */
function choose(choice, value, usual) {
  keep(choice, value);
  const { dataset } = document.documentElement;
  if (value === usual) delete dataset[choice];
  else dataset[choice] = value;
  const sheet = document.getElementById("contrast");
  if (choice === "theme" && sheet instanceof HTMLLinkElement) {
    sheet.media = value === "contrast" ? "all" : "(prefers-contrast: more)";
  }
  follow();
  document.dispatchEvent(new Event("schemechange"));
}
