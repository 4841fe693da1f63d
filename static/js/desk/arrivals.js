// What arrives while somebody works: a line says how much, and a press adds it at the end. Nothing under review moves.
import { countSelected, show, workOf } from "./regions.js";

const REFRESH = 30_000; // ms: how much waits is asked again this often, while somebody looks

/** Keep the numbers of a desk fresh; return what ends it. @param {HTMLElement} desk */
export function keepFresh(desk) {
  const count = () => countSelected(desk);
  const timer = setInterval(() => recount(desk), REFRESH);
  addEventListener("pageshow", count); // after Back the browser ticks again what was ticked, before we are here or after
  count();
  return () => {
    clearInterval(timer);
    removeEventListener("pageshow", count);
  };
}

/** @param {HTMLElement} desk */
export async function recount(desk) {
  if (document.hidden || desk.querySelector("#queues")?.contains(document.activeElement)) return;
  const end = desk.querySelector("#work")?.getAttribute("data-end");
  const address = new URL(desk.dataset.waiting ?? "", location.href);
  if (end) address.searchParams.set("end", end);
  const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
  if (answer?.ok) show(desk, (await answer.json()).regions);
}

/** Add what has arrived at the end; return the first of it. @param {HTMLElement} desk @param {HTMLAnchorElement} link */
export async function addArrived(desk, link) {
  const work = desk.querySelector("#work");
  const fresh = await workOf(link.href);
  if (!work || !fresh) return location.assign(link.href);
  const list = work.querySelector("[data-items]");
  const items = [...fresh.querySelectorAll("[data-item]")].filter((item) => !document.getElementById(item.id));
  const added = items.map((item) => document.adoptNode(item));
  list?.append(...added);
  link.parentElement?.replaceChildren();
  work.querySelector(".empty")?.remove();
  follow(work, fresh);
  return added[0];
}

/** Fetch the next items where none is left. @param {HTMLElement} desk */
export async function refill(desk) {
  const work = /** @type {HTMLElement} */ (desk.querySelector("#work"));
  const fresh = await workOf(work.dataset.more ?? "");
  if (!fresh) return location.assign(work.dataset.more ?? "");
  work.replaceWith(document.adoptNode(fresh));
}

/** Where there is still more, the next page has it; or else the next arrivals come after these.
 * @param {Element} work @param {Element} fresh */
function follow(work, fresh) {
  const more = fresh.querySelector(".more");
  if (more) work.append(document.adoptNode(more));
  const end = fresh.getAttribute("data-end");
  if (end) work.setAttribute("data-end", end);
  else work.removeAttribute("data-end");
}
