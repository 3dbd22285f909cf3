// Runs before the first paint, so that neither a chosen theme nor a chosen size flashes another one, nor the whole page
// where it is embedded.
if (new URLSearchParams(location.search).has("embed")) document.documentElement.dataset.embed = "";
try {
  const root = document.documentElement;
  const chosen = localStorage.getItem("descentscape.theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  const sizes = JSON.parse(localStorage.getItem("descentscape.sizes") ?? "{}");
  for (const name of ["knobs", "views", "cost"])
    if (sizes[name] > 0) root.style.setProperty(`--${name}`, `${Number(sizes[name])}px`);
} catch {
  // Storage may be refused or spoilt; the system's preference then decides, and each part has its own size.
}
