// Decisions sent without leaving the desk, one after another in the order they were made.
import { withoutOffered } from "./reasons.js";

/** @typedef {{ok: boolean, said: string, regions: Record<string, string>, movesOn: boolean}} Answer */

let last = Promise.resolve();

/** Send a form when those before it are through, and hand over what came of it.
 * @param {HTMLFormElement} form @param {HTMLElement | null} submitter @param {DOMStringMap} texts
 * @param {(answer: Answer) => Promise<void> | void} then */
export function inTurn(form, submitter, texts, then) {
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const sent = withoutOffered(new FormData(form, submitter), form);
  const address = submitter?.hasAttribute("formaction") ? /** @type {HTMLButtonElement} */ (submitter).formAction : form.action;
  const body = new URLSearchParams(/** @type {any} */ (sent));
  const over = last.then(async () => then(await send(address, body, texts))).finally(() => form.removeAttribute("aria-busy"));
  last = over.catch(reportError); // whatever went wrong with this one, the next is sent
}

/** @param {string} address @param {URLSearchParams} body @param {DOMStringMap} texts @returns {Promise<Answer>} */
async function send(address, body, texts) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  const failed = (/** @type {string | undefined} */ said) => ({ ok: false, said: said ?? "", regions: {}, movesOn: false });
  if (!answer) return failed(texts.textOffline);
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return failed(texts.textFailed);
  const told = await answer.json().catch(() => null); // a connection can drop after the headers
  if (!told) return failed(texts.textFailed);
  if (told.sign_in) return failed(texts.textSignedOut);
  return { ok: answer.ok, said: told.said, regions: told.regions ?? {}, movesOn: told.moves_on ?? false };
}
