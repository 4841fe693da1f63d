// Rating without leaving the page. A browser nobody knows is given its cookie on the way: the request is sent round once.
import { announce } from "../lib/announce.js";
import { complain, fromHtml } from "./page.js";

/** @param {any} root @param {HTMLButtonElement} button @param {HTMLElement} acts */
export async function rate(root, button, acts) {
  if (acts.hasAttribute("aria-busy")) return;
  acts.setAttribute("aria-busy", "true");
  const was = button.getAttribute("aria-pressed");
  button.setAttribute("aria-pressed", String(was !== "true"));
  const body = new URLSearchParams(new FormData(button.form));
  body.set(button.name, button.value);
  const headers = { Accept: "application/json" };
  const answer = await fetch(button.formAction, { method: "POST", body, headers }).catch(() => null);
  const told = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => ({})) : {};
  acts.removeAttribute("aria-busy");
  if (answer?.ok && told.regions) {
    show(acts, button, told.regions[acts.id]);
    announce(told.said);
  } else {
    button.setAttribute("aria-pressed", was);
    complain(acts, told.said ?? root.texts[answer ? "failed" : "offline"]);
  }
}

function show(acts, button, html) {
  const place = [...acts.children].indexOf(button);
  const hasFocus = acts.contains(document.activeElement);
  const fresh = fromHtml(html);
  acts.parentElement.querySelector(":scope > [data-problem]")?.remove();
  acts.replaceWith(fresh);
  if (hasFocus) fresh.children[place]?.focus();
}
