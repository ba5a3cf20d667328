// Search on every page: an ARIA combobox in a dialog. The server looks; here the answers are listed and chosen.

/** @typedef {{kind: string, label: string, detail: string, href: string}} Hit */

const PAUSE = 120; // milliseconds without typing until the server is asked

/** @type {Hit[]} */
let hits = [];
let chosen = 0;
/** @type {AbortController | undefined} */
let running;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

export function startPalette() {
  const opener = document.getElementById("search-open");
  opener?.setAttribute("aria-haspopup", "dialog");
  opener?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openPalette();
  });
  field()?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void ask(), PAUSE);
  });
  field()?.addEventListener("keydown", onKey);
  list()?.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option) go([...(list()?.children ?? [])].indexOf(option), event.ctrlKey || event.metaKey);
  });
  document.addEventListener("keydown", (event) => {
    const isMac = navigator.userAgent.includes("Mac"); // where Ctrl-K edits text
    const isAsked = event.metaKey || (event.ctrlKey && !isMac);
    if (!isAsked || event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
    event.preventDefault();
    openPalette();
  });
}

export function openPalette() {
  const box = document.getElementById("palette");
  if (!(box instanceof HTMLDialogElement) || document.querySelector("dialog[open]")) return;
  const input = field();
  if (input) input.value = "";
  list()?.replaceChildren();
  box.showModal();
  input?.focus();
  void ask();
}

/** @returns {HTMLInputElement | null} */
function field() {
  const found = document.getElementById("palette-q");
  return found instanceof HTMLInputElement ? found : null;
}

/** @returns {HTMLElement | null} */
const list = () => document.getElementById("palette-list");

async function ask() {
  running?.abort();
  const own = (running = new AbortController());
  const words = field()?.value.trim() ?? "";
  try {
    const answer = await fetch(`/api/search?q=${encodeURIComponent(words)}`, { signal: own.signal });
    const found = await answer.json();
    if (!answer.ok) return say(String(found.detail ?? "The search failed."));
    show(found.hits);
  } catch {
    if (!own.signal.aborted) say("The dashboard's own server did not answer. Is it still running?");
  }
}

/** @param {Hit[]} found */
function show(found) {
  hits = found.filter((hit) => hit.href.startsWith("/"));
  list()?.replaceChildren(...hits.map(optionOf));
  choose(0);
  say(hits.length ? `${hits.length} found.` : "Nothing has these words in its name.");
}

/** @param {Hit} hit @param {number} place */
function optionOf(hit, place) {
  const option = document.createElement("li");
  option.id = `palette-${place}`;
  option.setAttribute("role", "option");
  option.append(part("strong", hit.label), part("span", hit.detail), part("small", hit.kind));
  return option;
}

/** @param {string} element @param {string} text */
function part(element, text) {
  const made = document.createElement(element);
  made.textContent = text;
  return made;
}

/** @param {number} place */
function choose(place) {
  chosen = hits.length ? (place + hits.length) % hits.length : 0;
  [...(list()?.children ?? [])].forEach((option, at) => {
    option.setAttribute("aria-selected", String(at === chosen));
    if (at === chosen) option.scrollIntoView({ block: "nearest" });
  });
  if (hits.length) field()?.setAttribute("aria-activedescendant", `palette-${chosen}`);
  else field()?.removeAttribute("aria-activedescendant");
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing) return;
  const steps = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 };
  if (event.key in steps) {
    event.preventDefault();
    const next = steps[/** @type {keyof typeof steps} */ (event.key)];
    choose(event.key.startsWith("Page") ? Math.min(Math.max(next, 0), hits.length - 1) : next);
  } else if (event.key === "Enter") {
    event.preventDefault();
    go(chosen, event.ctrlKey || event.metaKey);
  }
}

/** @param {number} place @param {boolean} isNew whether another tab shall show it */
function go(place, isNew) {
  const hit = hits[place];
  if (!hit) return;
  if (isNew) return void open(hit.href, "_blank", "noopener");
  const box = document.getElementById("palette");
  if (box instanceof HTMLDialogElement) box.close();
  location.assign(hit.href);
}

/** @param {string} text */
function say(text) {
  const note = document.getElementById("palette-note");
  if (note) note.textContent = text;
}
