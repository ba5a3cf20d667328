// Runs before the first paint (a classic, blocking script): what the reader chose of theme and density, and the
// word that scripts run here, so that controls which need them take their place at once.
(() => {
  const root = document.documentElement;
  root.dataset.scripts = "on";
  try {
    const theme = localStorage.getItem("plainbill-theme") ?? "system";
    if (["light", "dark", "contrast"].includes(theme)) root.dataset.theme = theme;
    const sheet = document.getElementById("contrast");
    if (theme === "contrast" && sheet instanceof HTMLLinkElement) sheet.media = "all";
    if (localStorage.getItem("plainbill-density") === "compact") root.dataset.density = "compact";
  } catch {
    // Storage is forbidden: the system's scheme holds.
  }
})();
