// Links and forms marked data-swap="#one #two" replace those elements instead of the page.
//
// The answer is read as a document by XMLHttpRequest: that parses HTML without a Trusted Types sink and never
// runs a script in it. Whatever fails, the browser goes the ordinary way.

/** @type {XMLHttpRequest | undefined} */
let running;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** What the page shows; a step to another place on it changes the address, but not this. */
let shown = location.search;

export function startSwap() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", onInput);
  addEventListener("popstate", () => {
    if (location.search !== shown) location.reload();
  });
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[data-swap]") : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  swap(new URL(link.href), link, true);
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get") return;
  if (form.hasAttribute("data-anew")) return; // a new question, not this one with other answers
  event.preventDefault();
  clearTimeout(waiting);
  if (form.dataset.swap) swap(address(form), form, true);
  else location.assign(address(form));
}

/** @param {Event} event */
function onInput(event) {
  const form = event.target instanceof Element ? event.target.closest("form[data-live]") : null;
  if (!(form instanceof HTMLFormElement)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (form.isConnected && form.checkValidity()) swap(address(form), form, false);
  }, 200);
}

/**
 * The present question with the answers of a form, but for the usual ones; its hidden fields, unless they are to
 * be kept, are for those who have no script.
 * @param {HTMLFormElement} form
 * @returns {URL}
 */
function address(form) {
  const url = withoutPlace();
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || !field.name) continue;
    if (field.type === "hidden" && !field.hasAttribute("data-kept")) continue;
    if (field.value === "" || field.value === field.dataset.usual) url.searchParams.delete(field.name);
    else url.searchParams.set(field.name, field.value);
  }
  return url;
}

/** This address on its first page. @returns {URL} */
function withoutPlace() {
  const url = new URL(location.href);
  url.hash = "";
  url.searchParams.delete("page");
  return url;
}

/** Links that were not swapped keep their own parameters and take the others from the address. */
function carry() {
  for (const link of document.querySelectorAll("a[data-sets]")) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const own = new URL(link.href).searchParams;
    const url = withoutPlace();
    for (const name of (link.dataset.sets ?? "").split(" ")) url.searchParams.set(name, own.get(name) ?? "");
    link.href = url.href;
  }
}

/**
 * @param {URL} url where the answer is, and what the address bar shall say
 * @param {HTMLElement} from the link or form
 * @param {boolean} isStep whether "back" shall undo it; typing is not a step
 */
function swap(url, from, isStep) {
  const targets = (from.dataset.swap ?? "").split(" ").map((each) => document.querySelector(each));
  const asked = new URL(url);
  if (from.dataset.part) asked.searchParams.set("part", from.dataset.part);
  running?.abort();
  const request = (running = new XMLHttpRequest());
  request.open("GET", asked);
  request.responseType = "document";
  request.onerror = () => location.assign(url);
  request.onload = () => {
    if (request.status === 422) return explain(asked, from, targets);
    const answer = request.status === 200 ? request.response : null;
    const fresh = targets.map((each) => each && answer?.getElementById(each.id));
    if (fresh.some((each) => !each)) return location.assign(url);
    targets.forEach((each, place) => each && replace(each, fresh[place]));
    if (isStep) history.pushState(null, "", url);
    else history.replaceState(null, "", url);
    shown = location.search;
    from.querySelector("[data-problem]")?.setAttribute("hidden", "");
    carry();
    announce();
  };
  for (const each of targets) each?.setAttribute("aria-busy", "true");
  request.send();
}

/** What the server says is wrong stands in the form; elsewhere the page of the problem is shown. @param {URL} asked @param {HTMLElement} from @param {(Element | null)[]} targets */
async function explain(asked, from, targets) {
  for (const each of targets) each?.removeAttribute("aria-busy");
  const place = from.querySelector("[data-problem]");
  const problem = await (await fetch(asked)).json().catch(() => ({}));
  if (!(place instanceof HTMLElement) || !problem.detail) return location.assign(asked);
  place.textContent = problem.detail;
  place.hidden = false;
}

/** Put `fresh` in the place of `old`; focus stays, and what was opened stays open. @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  const id = old.contains(document.activeElement) ? document.activeElement?.id : "";
  const open = [...old.querySelectorAll("details[open][id]")].map((each) => each.id);
  old.replaceWith(document.adoptNode(fresh));
  for (const each of open) document.getElementById(each)?.setAttribute("open", "");
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}

/** Say the outcome to screen readers: a live region must stay in place to be heard. */
function announce() {
  const place = document.getElementById("announce");
  const said = document.querySelector("[data-announce]")?.textContent;
  if (place && said) place.textContent = said;
}
