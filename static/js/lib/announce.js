// Says something to who hears the page. One region for all: it has to stand in the page before anything is said in it.
const region = document.createElement("div");
region.className = "visually-hidden";
region.setAttribute("role", "status");
document.body.append(region);

/** @param {string} text */
export function announce(text) {
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50); // the same words are said again
}
