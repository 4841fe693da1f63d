// What is new since the last visit. The server knows it of readers it knows; of everybody else this browser does.
import { recalled, remember, sessionStorageHere } from "../lib/remembered.js";
import { comments, counted, goTo, recount } from "./page.js";

const LASTING = 30 * 60_000; // ms: within half an hour another page of the discussion, or the same again, is the same visit

/** @param {any} root */
export function marks(root) {
  const { article, visit, since } = root.dataset;
  const head = root.querySelector("[data-unread]");
  const store = sessionStorageHere();
  const [began, at] = recalled("visit", article, store) ?? [];
  const given = since ?? recalled("seen", article);
  root.appeared = Number(root.dataset.appeared);
  root.since = Date.now() - at < LASTING ? began : Number(given ?? root.appeared);
  let told = since === undefined ? -1 : Number(since);
  let isLookedAt = false;

  root.mark = (comment, isNew) => {
    comment.classList.toggle("comment--new", isNew);
    const label = comment.querySelector(":scope > [data-new]");
    if (!isNew) label?.remove();
    else if (!label) comment.insertAdjacentHTML("afterbegin", '<span class="visually-hidden" data-new></span>');
    if (isNew && !label) comment.firstElementChild.textContent = root.texts.new;
  };
  root.marked = (added) => {
    const own = (comment) => "own" in comment.dataset;
    for (const comment of comments(added)) root.mark(comment, Number(comment.dataset.appeared) > root.since && !own(comment));
    for (const fold of added.querySelectorAll("details.replies > ol")) recount(root, fold);
  };
  const leave = () => {
    remember("visit", article, [root.since, Date.now()], store);
    if (!isLookedAt) return;
    remember("seen", article, root.appeared);
    if (!visit || root.appeared <= told) return;
    told = root.appeared;
    const body = new URLSearchParams({ seen: String(told) });
    fetch(visit, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => { told = -1; });
  };

  const show = () => {
    const own = comments(root).filter((one) => "own" in one.dataset && Number(one.dataset.appeared) > root.since);
    const count = root.appeared - root.since - own.length;
    head.hidden = count <= 0;
    head.querySelector("a").textContent = counted(root.texts.since, Math.max(count, 0));
  };

  remember("visit", article, [root.since, Date.now()], store);
  root.marked(root);
  if (!head) return;
  if (String(root.since) !== since) show();
  head.querySelector("a").addEventListener("click", (event) => {
    if (goTo(root.querySelector(".comment--new"))) event.preventDefault();
  });
  head.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    isLookedAt = true;
    root.since = root.appeared;
    leave();
    root.marked(root);
    head.hidden = true;
    root.closest("section").querySelector("h2").focus();
  });
  new IntersectionObserver((seen) => { isLookedAt ||= seen.some((one) => one.isIntersecting); }).observe(root.closest("section"));
  addEventListener("pagehide", leave, { signal: root.signal });
  document.addEventListener("visibilitychange", () => document.hidden && leave(), { signal: root.signal });
}
