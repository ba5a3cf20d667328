// A slider beside the number it stands for: each follows the other. Without a script the number does it alone.

export function startSliders() {
  document.addEventListener("input", onInput);
  document.addEventListener("click", onClick);
  for (const each of document.querySelectorAll("[data-slides], [data-usual-of]")) {
    if (each instanceof HTMLElement) each.hidden = false;
  }
}

/** @param {Event} event */
function onInput(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  const slides = field.dataset.slides;
  if (slides) {
    const number = document.getElementById(slides);
    if (number instanceof HTMLInputElement) number.value = field.value;
    mark(number);
    return;
  }
  const slider = document.querySelector(`[data-slides="${CSS.escape(field.id)}"]`);
  if (slider instanceof HTMLInputElement) slider.value = field.value;
  mark(field);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-usual-of]") : null;
  const field = button instanceof HTMLElement ? document.getElementById(button.dataset.usualOf ?? "") : null;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  field.value = field.dataset.usual ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** What differs from the usual is seen to. @param {Element | null} field */
function mark(field) {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  field.closest(".setting")?.classList.toggle("set", field.value !== field.dataset.usual);
}
