// Runs before the first paint (a classic, blocking script): the reader's colour scheme, if one was chosen.
(() => {
  try {
    const kept = localStorage.getItem("plainbill-theme");
    if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  } catch {
    // Storage is forbidden: the system's scheme holds.
  }
})();
