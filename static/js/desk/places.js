// Where the desk leads to besides its items: the next queue, and the search.

/** @param {HTMLElement} desk */
export function openNextQueue(desk) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...desk.querySelectorAll("#queues a")]);
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(here + 1) % links.length].click();
}

/** @param {HTMLElement} desk */
export function openSearch(desk) {
  const fold = /** @type {HTMLDetailsElement | null} */ (desk.querySelector("[data-narrow]"));
  if (!fold) return;
  fold.open = true;
  fold.querySelector("input")?.focus();
}
