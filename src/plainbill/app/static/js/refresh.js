// The refresh button, and the progress of a refresh as the server's events tell it.
import { ProgressBook } from "./progress.js";

const AGAIN = 5000; // milliseconds until a refresh of another process is looked at again
const SPEAK = 4000; // milliseconds between two sentences to screen readers

/** @param {string} id @returns {HTMLElement | null} */
const byId = (id) => document.getElementById(id);

export function startRefresh() {
  for (const form of document.querySelectorAll('form[action="/api/refresh"]')) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void begin();
    });
  }
  if (byId("progress")?.hidden === false) follow();
}

async function begin() {
  show(new ProgressBook(), "Starting …");
  try {
    const answer = await fetch("/api/refresh", { method: "POST", headers: { Accept: "application/json" } });
    if (answer.ok || answer.status === 409) return follow();
    const problem = await answer.json();
    fail(String(problem.detail ?? problem.title ?? answer.statusText));
  } catch (error) {
    fail(`The dashboard's own server did not answer (${error instanceof Error ? error.message : error}). Is it still running?`);
  }
}

function follow() {
  const book = new ProgressBook();
  const events = new EventSource("/api/refresh/events");
  show(book, "Waiting for the first answer …");
  events.addEventListener("progress", (event) => {
    book.take(JSON.parse(event.data));
    show(book, book.line());
  });
  events.addEventListener("finished", () => end(events, () => location.reload()));
  events.addEventListener("failed", (event) => end(events, () => fail(JSON.parse(event.data).error)));
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) fail("The dashboard's own server does not tell how the refresh goes. Load the page again to see its outcome.");
    else show(book, "The connection was lost; trying again …");
  });
  events.addEventListener("idle", (event) => {
    const { elsewhere, last } = JSON.parse(event.data);
    if (elsewhere) return end(events, () => setTimeout(follow, AGAIN));
    end(events, () => (last?.event === "failed" ? fail(last.error) : location.reload()));
  });
}

/** @param {EventSource} events @param {() => void} then */
function end(events, then) {
  events.close(); // or the browser would connect again
  then();
}

/** @param {ProgressBook} book @param {string} line */
function show(book, line) {
  busy(true);
  const text = byId("progress-line");
  const whole = byId("progress-all");
  if (text) text.textContent = line;
  if (whole instanceof HTMLProgressElement && book.total) {
    whole.max = book.total;
    whole.value = book.done;
  }
  byId("progress-rows")?.replaceChildren(...book.rows().map(rowOf));
  const scroll = byId("progress-scroll");
  if (scroll) scroll.hidden = book.total === 0;
  speak(line);
}

/** @param {import("./progress.js").Row} row @returns {HTMLTableRowElement} */
function rowOf(row) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = row.source;
  const bar = document.createElement("progress");
  bar.max = row.total;
  bar.value = row.done;
  bar.setAttribute("aria-label", `${row.source}, ${row.account}`);
  const gaps = row.gaps ? `${row.gaps} ${row.gaps === 1 ? "gap" : "gaps"}` : "";
  const state = row.done === row.total ? gaps || "done" : [row.now || "waiting", gaps].filter(Boolean).join(", ");
  line.append(head, cell(row.account), cell(bar, ` ${row.done} of ${row.total}`), cell(String(row.items)), cell(state));
  line.children[3]?.classList.add("number");
  return line;
}

/** @param {...(string | Node)} content */
function cell(...content) {
  const made = document.createElement("td");
  made.append(...content);
  return made;
}

/** @param {boolean} isBusy */
function busy(isBusy) {
  const panel = byId("progress");
  const button = byId("refresh");
  if (panel) panel.hidden = !isBusy;
  if (button instanceof HTMLButtonElement) {
    button.disabled = isBusy;
    button.textContent = isBusy ? "Refreshing" : "Refresh";
  }
  const failed = byId("refresh-failed");
  if (failed && isBusy) failed.hidden = true;
}

/** @param {string} error */
function fail(error) {
  busy(false);
  const panel = byId("refresh-failed");
  const text = byId("refresh-error");
  if (panel) panel.hidden = false;
  if (text) text.textContent = error;
}

let spoken = 0;

/** @param {string} line */
function speak(line) {
  const place = byId("announce");
  if (!place || Date.now() - spoken < SPEAK) return;
  spoken = Date.now();
  place.textContent = line;
}
