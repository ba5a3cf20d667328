// Runs before the first paint (a classic, blocking script): the reader's colour scheme, if one was chosen, and the
// word that scripts run here, so that controls which need them take their place at once.
(() => {
  document.documentElement.dataset.scripts = "on";
  try {
    const kept = localStorage.getItem("plainbill-theme");
    if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  } catch {
    // Storage is forbidden: the system's scheme holds.
  }
})();
