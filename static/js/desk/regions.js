// The parts of the desk that change: put in place by their ids, as the server renders them.

/** Put parts in their places; return the item among them, if it is still one. An item that is done is empty.
 * @param {Element} desk @param {Record<string, string>} regions @returns {Element | null} */
export function show(desk, regions) {
  let item = null;
  for (const [id, html] of Object.entries(regions)) {
    const old = document.getElementById(id);
    const fresh = elementOf(html);
    if (fresh?.matches("[data-item]")) item = fresh;
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh?.matches("[data-item]")) desk.querySelector("[data-items]")?.prepend(fresh);
  }
  if (item) desk.querySelector(".empty")?.remove();
  countSelected(desk);
  return item;
}

/** Say beside the button how many items are selected, and return it. @param {Element} desk */
export function countSelected(desk) {
  const number = desk.querySelectorAll("[data-select]:checked").length;
  const place = desk.querySelector("[data-selected]");
  if (place) place.textContent = number ? String(number) : "";
  return number;
}

/** Say at a place why nothing was decided there, instead of what was said before. @param {Element} place @param {string} message */
export function refuse(place, message) {
  place.querySelector("[data-refusal]")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice notice--wrong";
  notice.dataset.refusal = "";
  notice.textContent = message;
  place.prepend(notice);
}

/** @param {string} html */
function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return document.importNode(template.content, true).firstElementChild;
}

/** The part of another page that holds its items; nothing where it cannot be had. @param {string} address */
export async function workOf(address) {
  const answer = await fetch(address).catch(() => null);
  const page = answer?.ok && !answer.redirected ? await answer.text().catch(() => null) : null;
  return page && new DOMParser().parseFromString(page, "text/html").getElementById("work");
}
