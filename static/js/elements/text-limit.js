// Text areas with data-most: says how many characters are left once it matters.
const NEAR = 0.9;

for (const area of document.querySelectorAll("textarea[data-most]")) {
  const most = Number(area.dataset.most);
  const left = document.createElement("span");
  left.className = "note num";
  left.setAttribute("aria-live", "polite");
  area.after(left);
  const show = () => {
    const length = [...area.value].length;
    left.textContent = length > most * NEAR ? `${length} / ${most}` : "";
  };
  area.addEventListener("input", show);
  show();
}
