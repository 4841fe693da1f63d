// What has changed since the page was made, fetched and put in its places.
import { byId, fromHtml, mainList, recount, repliesOf } from "./page.js";

const DEEPEST = 4; // levels that are set in, as on the server
const MOST_NAMED = 100; // comments, as on the server
const FOLD = `<details class="replies" open><summary class="replies__summary"><span data-below></span>
  <span class="replies__new" data-below-new></span></summary><ol class="thread thread--replies"></ol></details>`;

/** Ask for news; change in place what the page has already. Nothing where there is no answer.
 * @param {any} root @param {Record<string, string>} what @param {number} version a shared answer is one of this version */
export async function ask(root, what, version) {
  const query = new URLSearchParams({ ...what, at: String(version) });
  const answer = await fetch(`${root.dataset.news}?${query}`).catch(() => null);
  const news = answer?.ok ? await answer.json().catch(() => null) : null;
  if (!news) return null;
  for (const id of news.gone) takeAway(byId(id), root.texts.gone);
  const fresh = new Set(news.fresh.map(({ id }) => `comment-${id}`));
  for (const [id, html] of Object.entries(news.regions)) if (!fresh.has(id)) swap(id, html);
  return news;
}

/** The comments on the page, each with its good points. @param {any} root */
export function rated(root) {
  const acts = [...root.querySelectorAll(".comment__acts[data-good]")].slice(0, MOST_NAMED);
  return acts.map((one) => `${one.id.slice(5)}.${one.dataset.good}`).join();
}

/** Put a comment under what it answers, or on top; return it, or nothing where it is already there.
 * @param {any} root @param {{ id: number, parent: number | null, root: number | null }} item @param {string} html */
export function place(root, item, html) {
  const fresh = fromHtml(html);
  const comment = fresh.querySelector(".comment");
  const there = byId(item.id);
  if (there) {
    if (!there.querySelector("[data-good], form")) there.replaceWith(comment); // one's own that was waiting
    return null;
  }
  const parent = byId(item.parent) ?? byId(item.root);
  if (parent && root.contains(parent)) answer(parent, fresh, item.parent);
  else mainList(root).prepend(fresh);
  root.mark(comment, !("own" in comment.dataset));
  recount(root, comment);
  return comment;
}

function answer(parent, fresh, parentId) {
  const item = parent.closest("li");
  let level = 0;
  for (let above = item.parentElement; above?.matches(".thread--replies"); above = above.closest("li").parentElement) level += 1;
  if (level >= DEEPEST) return item.parentElement.append(fresh);
  if (!repliesOf(parent)) parent.after(fromHtml(FOLD));
  if (parent.id === `comment-${parentId}`) fresh.querySelector(".comment__answers")?.remove();
  repliesOf(parent).querySelector("ol").append(fresh);
}

/** Put a part of the page that has changed in its place, unless somebody is at work in it. */
function swap(id, html) {
  const old = document.getElementById(id);
  if (!old || old.contains(document.activeElement) || old.querySelector("form")) return;
  const fresh = id.startsWith("comment-") ? fromHtml(html).querySelector(".comment") : fromHtml(html);
  const open = [...old.querySelectorAll("details")].map((part) => part.open);
  fresh.querySelectorAll("details").forEach((part, at) => { part.open = open[at] ?? part.open; });
  if (id === "results") fresh.style.minBlockSize = `${old.offsetHeight}px`;
  old.replaceWith(fresh);
}

/** Leave nothing of a comment but its place, and what the reader is writing there. */
function takeAway(comment, text) {
  if (!comment || comment.querySelector(":scope > .comment__gone")) return;
  for (const part of [...comment.children]) if (!part.matches("form")) part.remove();
  const gone = document.createElement("p");
  gone.className = "comment__gone";
  gone.textContent = text;
  comment.prepend(gone);
}
