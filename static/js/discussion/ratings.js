// Rating without leaving the page. A browser nobody knows is given its cookie on the way: the request is sent round once.
import { announce } from "../lib/announce.js";
import { fromHtml } from "./page.js";

/** @param {any} root */
export function ratings(root) {
  document.getElementById("rate")?.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const acts = button?.closest(".comment__acts");
    if (!acts) return;
    event.preventDefault();
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
    acts.parentElement.querySelector("[data-problem]")?.remove();
    if (answer?.ok && told.regions) show(acts, button, told.regions[acts.id]);
    else {
      button.setAttribute("aria-pressed", was);
      complain(acts, told.said ?? root.texts[answer ? "failed" : "offline"]);
    }
    announce(told.said ?? root.texts[answer ? "failed" : "offline"]);
  }, { signal: root.signal });
}

function show(acts, button, html) {
  const place = [...acts.children].indexOf(button);
  const hasFocus = acts.contains(document.activeElement);
  const fresh = fromHtml(html);
  acts.replaceWith(fresh);
  if (hasFocus) fresh.children[place]?.focus();
}

function complain(acts, text) {
  const problem = document.createElement("p");
  problem.className = "comment__problem";
  problem.dataset.problem = "";
  problem.textContent = text;
  acts.after(problem);
}
