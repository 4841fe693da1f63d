// Text areas with data-most, also those that come later: says how long a text is once that matters.
const NEAR = 0.9;
const counters = new WeakMap();

/** @param {EventTarget | null} area */
function count(area) {
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset.most) return;
  const most = Number(area.dataset.most);
  const length = [...area.value].length; // in code points, as the server counts
  if (length <= most * NEAR && !counters.has(area)) return;
  const counter = counters.get(area) ?? document.createElement("span");
  counters.set(area, counter);
  counter.setAttribute("aria-live", "polite");
  counter.className = length > most ? "note num text-limit text-limit--over" : "note num text-limit";
  if (!counter.isConnected) area.after(counter);
  counter.textContent = length > most * NEAR ? `${length} / ${most}` : "";
}

for (const kind of ["input", "focusin"]) document.addEventListener(kind, (event) => count(event.target));
for (const area of document.querySelectorAll("textarea[data-most]")) count(area);
