// New comments are offered, and come when the reader asks: nothing moves by itself. Results and good points change in place.
import { announce } from "../lib/announce.js";
import { mainList } from "./more.js";
import { byId, comments, counted, fromHtml, goTo, recount, repliesOf, written } from "./page.js";
import { Pulse } from "./pulse.js";

const MOST_AT_ONCE = 60; // comments, a page; who is further behind is given the newest page
const SAID_AGAIN = 30_000; // ms between two announcements of what waits
const RESULTS_EVERY = 4_000; // ms at least
const NUMBERS_EVERY = 20_000;
const DEEPEST = 4; // levels that are set in, as on the server
const FOLD = `<details class="replies" open><summary class="replies__summary"><span data-below></span>
  <span class="replies__new" data-below-new></span></summary><ol class="thread thread--replies"></ol></details>`;

/** @param {any} root */
export function live(root) {
  const { data, bar } = { data: root.dataset, bar: root.querySelector("[data-fresh]") };
  const button = bar.querySelector("button");
  let told = { appeared: root.appeared, version: 0 };
  let [saidAt, numbersAt, resultsAt] = [-SAID_AGAIN, performance.now(), -RESULTS_EVERY]; // when each was done last
  let [numbered, isAsking] = [0, false];

  const waiting = () => told.appeared - root.appeared;
  const offer = () => {
    const text = waiting() > 0 ? counted(root.texts.fresh, waiting()) : "";
    if (text && text !== button.textContent && performance.now() - saidAt > SAID_AGAIN) {
      announce(text);
      saidAt = performance.now();
    }
    button.textContent = text;
    bar.hidden = !text;
  };

  /** @param {Record<string, string>} what */
  const ask = async (what) => {
    const query = new URLSearchParams({ ...what, at: `${told.version}` }); // a shared answer is one of this version
    const answer = await fetch(`${data.news}?${query}`).catch(() => null);
    const news = answer?.ok ? await answer.json().catch(() => null) : null;
    for (const id of news?.gone ?? []) takeAway(byId(id), root.texts.gone);
    for (const [id, html] of Object.entries(news?.regions ?? {})) if (!id.startsWith("comment-") || !("after" in what)) swap(id, html);
    return news;
  };
  const rated = () => [...root.querySelectorAll(".comment__acts[data-good]")].slice(0, 100)
    .map((acts) => `${acts.id.slice(5)}.${acts.dataset.good}`).join();

  const refresh = async () => {
    const now = performance.now();
    const results = document.getElementById("results");
    const hasResults = told.tallies && told.tallies !== data.tallies && results && !results.contains(document.activeElement);
    const what = {};
    if (hasResults && now - resultsAt > RESULTS_EVERY) what.tallies = data.tallies;
    if (told.version !== numbered && now - numbersAt > NUMBERS_EVERY) what.shown = rated();
    if (isAsking || !Object.keys(what).length) return;
    isAsking = true;
    const version = told.version;
    const news = await ask(what);
    isAsking = false;
    if (news && "tallies" in what) [data.tallies, resultsAt] = [news.tallies, now];
    if (news && "shown" in what) [numbered, numbersAt] = [version, now];
  };

  const bring = async () => {
    if (waiting() > MOST_AT_ONCE) return location.assign(data.newest);
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const added = [];
    let news;
    do {
      news = await ask({ after: `${root.appeared}`, shown: rated() });
      if (!news) break;
      for (const item of news.fresh) added.push(place(root, item, news.regions[`comment-${item.id}`]));
      root.appeared = Math.max(root.appeared, news.newest);
    } while (news.more);
    button.removeAttribute("aria-busy");
    if (!news) announce(root.texts.lost);
    offer();
    root.folded(root);
    goTo(comments(root).find((comment) => added.includes(comment)));
  };

  button.addEventListener("click", bring);
  const lost = root.querySelector("[data-lost]");
  new Pulse(data.pulse, (pulse) => {
    told = pulse;
    root.querySelector("[data-total]").textContent = written(pulse.comments);
    offer();
    refresh();
  }, (isLost) => {
    if (isLost && lost.hidden) announce(root.texts.lost);
    lost.textContent = root.texts.lost;
    lost.hidden = !isLost;
  }).start(root.signal);
}

/** Put a comment under what it answers, or on top; return it, or nothing where it is already there. */
function place(root, item, html) {
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
