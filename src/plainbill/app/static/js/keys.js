// Single-key shortcuts: off while typing, off in a dialog, off where the reader says so (WCAG 2.1.4).
import { keep, kept } from "./kept.js";
import { openPalette } from "./palette.js";

const PATIENCE = 1500; // milliseconds between g and the key of a page
let goes = 0;

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": openPalette,
  f: () => focus("q"),
  g: () => void (goes = Date.now()),
  "?": openHelp,
  r: () => press("#refresh"),
  e: () => press(":is(#idle, #findings) a[download]"),
  j: () => step(1),
  k: () => step(-1),
};

export function startKeys() {
  const opener = document.getElementById("help-open");
  opener?.addEventListener("click", openHelp);
  const choice = document.getElementById("keys-on");
  if (choice instanceof HTMLInputElement) {
    choice.checked = kept("keys", "on") === "on";
    choice.addEventListener("change", () => keep("keys", choice.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    const action = Date.now() - goes < PATIENCE ? leading(event.key) : Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : opening(event);
    if (!action || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (choice instanceof HTMLInputElement && !choice.checked) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (event.key !== "g") goes = 0;
    action();
  });
}

/** What leads to the page of a key. @param {string} key */
function leading(key) {
  const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
  return link instanceof HTMLAnchorElement ? () => link.click() : undefined;
}

/** What Enter opens: the first link of a row that has the focus. @param {KeyboardEvent} event */
function opening(event) {
  const row = event.key === "Enter" && event.target instanceof HTMLTableRowElement ? event.target : null;
  const link = row?.querySelector("a");
  return link ? () => link.click() : undefined;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=radio], [type=checkbox]), select, textarea") !== null;
}

function openHelp() {
  const help = document.getElementById("help");
  if (help instanceof HTMLDialogElement) help.showModal();
}

/** @param {string} id */
function focus(id) {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

/** @param {string} selector */
function press(selector) {
  const target = document.querySelector(selector);
  if (target instanceof HTMLElement) target.click();
}

/** @param {number} by */
function step(by) {
  const rows = [...document.querySelectorAll(":is(.instances, .findings) tbody tr")];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[now < 0 ? 0 : Math.min(Math.max(now + by, 0), rows.length - 1)];
  if (next instanceof HTMLElement) next.focus();
}
