// "More comments" brings the next page here. The address follows, so that loading anew or coming back shows the same place.
import { byId, comments, goTo, mainList } from "./page.js";

/** @param {any} root @param {HTMLAnchorElement} link */
export async function more(root, link) {
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const items = page?.querySelectorAll("comment-thread > ol.thread > li");
  if (!items?.length) return location.assign(link.href);
  const added = [...items].filter((item) => !byId(comments(item)[0].dataset.comment)).map((item) => append(root, item));
  const next = page.querySelector(".more");
  if (next) link.parentElement.replaceWith(document.adoptNode(next));
  else link.parentElement.remove();
  history.replaceState(history.state, "", link.href);
  goTo(added[0]?.querySelector(".comment"));
}

/** Put a thread at the end. A reply that appeared before its thread was here moves to its place in it. */
function append(root, item) {
  for (const comment of comments(item)) byId(comment.dataset.comment)?.closest("li").remove();
  mainList(root).append(document.adoptNode(item));
  root.marked(item);
  root.folded(item);
  return item;
}
