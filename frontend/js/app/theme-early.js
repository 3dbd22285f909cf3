// Runs before the first paint, so that a chosen theme never flashes the other one, and a frame never the whole page.
if (new URLSearchParams(location.search).has("embed")) document.documentElement.dataset.embed = "";
try {
  const chosen = localStorage.getItem("descentscape.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be refused; the system's preference then decides.
}
