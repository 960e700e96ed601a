// Runs before the first paint, so a chosen theme never flashes the other one. A classic script on purpose.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  } catch {
    // Storage may be switched off: the system's theme stands.
  }
})();
