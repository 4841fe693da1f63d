// The reasons of a restriction: chosen by number, with the words the author will read, to be changed before they are sent.

/** @param {HTMLDetailsElement} removal @param {number} place */
export function pick(removal, place) {
  const reason = /** @type {HTMLInputElement | undefined} */ (removal.querySelectorAll("input[name=reason]")[place - 1]);
  if (!reason) return;
  reason.checked = true;
  reason.focus();
  offer(removal);
}

/** Let the words of the clause stand in the field, where the moderator has not written others. @param {Element} removal */
export function offer(removal) {
  const field = /** @type {HTMLTextAreaElement | null} */ (removal.querySelector("[data-told]"));
  const words = /** @type {HTMLDetailsElement | null} */ (removal.querySelector("[data-words]"));
  if (!field || !words?.open) return;
  if (field.value === "" || field.value === field.dataset.offered) field.value = statement(removal);
  field.dataset.offered = statement(removal);
}

/** What was offered and not changed is the clause's own: it is told in the author's language. @param {FormData} sent @param {Element} form */
export function withoutOffered(sent, form) {
  const offered = form.querySelector("[data-told]")?.getAttribute("data-offered");
  if (offered && sent.get("told") === offered) sent.set("told", "");
  return sent;
}

/** @param {Element} removal */
function statement(removal) {
  const chosen = removal.querySelector("input[name=reason]:checked")?.closest("label");
  return chosen?.nextElementSibling?.querySelector("[data-statement]")?.textContent ?? "";
}
