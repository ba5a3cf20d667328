// Buttons that copy the text of another element; without a clipboard they select it, so that Ctrl-C does it.

export function startCopy() {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    if (button instanceof HTMLButtonElement) button.addEventListener("click", () => void copy(button));
  }
}

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!source) return;
  try {
    await navigator.clipboard.writeText((source.textContent ?? "").trim() + "\n");
    say(button, "Copied");
  } catch {
    getSelection()?.selectAllChildren(source);
    say(button, "Selected");
  }
}

/** @param {HTMLButtonElement} button @param {string} word */
function say(button, word) {
  button.textContent = word;
  const place = document.getElementById("announce");
  if (place) place.textContent = word;
}
