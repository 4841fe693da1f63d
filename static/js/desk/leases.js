// Who else looks at an item: said beside it, as a courtesy.
const SETTLED = 1_000; // ms on an item before one counts as looking at it: who runs through a list looks at nothing
const AGAIN = 240_000; // ms: a lease lasts five minutes

/** Say of the item one stays at that one looks at it. @param {HTMLElement} desk */
export function leases(desk) {
  let timer = 0;

  /** @param {HTMLElement} item */
  async function look(item) {
    if (!item.isConnected || !item.hasAttribute("aria-current")) return;
    if (!document.hidden) await tell(desk, item);
    timer = setTimeout(() => look(item), AGAIN);
  }

  return {
    /** @param {HTMLElement} item */
    at(item) {
      clearTimeout(timer);
      if (item.dataset.lease) timer = setTimeout(() => look(item), SETTLED);
    },
    end: () => clearTimeout(timer),
  };
}

/** @param {HTMLElement} desk @param {HTMLElement} item */
async function tell(desk, item) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(item.dataset.lease ?? "", { method: "POST", headers, redirect: "manual" }).catch(() => null);
  const line = item.querySelector("[data-looking]");
  if (!answer?.ok || !line) return;
  const { looking } = await answer.json();
  line.textContent = looking ? (desk.dataset.textLooking ?? "").replace("%(name)s", looking) : "";
  line.toggleAttribute("hidden", !looking);
}
