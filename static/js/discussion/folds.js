// Folding threads: remembered for each article, all at once by a button, and opened where somebody is sent into one.
import { recalled, remember } from "../lib/remembered.js";
import { comments, repliesOf, unfold } from "./page.js";

const MOST = 200; // folded threads of one article that are remembered

/** @param {any} root */
export function folds(root) {
  const { article } = root.dataset;
  const folded = new Set(recalled("folded", article) ?? []);
  const button = root.querySelector("[data-fold-all]");
  const all = () => [...root.querySelectorAll("details.replies")];
  const nameOf = (fold) => fold.parentElement.querySelector(":scope > .comment")?.dataset.comment;

  const note = () => {
    button.hidden = all().length === 0;
    button.textContent = root.texts[all().some((fold) => fold.open) ? "collapse" : "expand"];
  };
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (root.contains(target) && unfold(target)) target.scrollIntoView();
  };
  root.folded = (added) => {
    for (const comment of comments(added)) if (folded.has(comment.dataset.comment) && repliesOf(comment)) repliesOf(comment).open = false;
    note();
  };

  root.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.replies")) return;
    folded[event.target.open ? "delete" : "add"](nameOf(event.target));
    remember("folded", article, [...folded].slice(-MOST));
    note();
  }, true);
  button.addEventListener("click", () => {
    const closes = all().some((fold) => fold.open);
    for (const fold of all()) fold.open = !closes;
    note();
  });
  addEventListener("hashchange", reveal, { signal: root.signal });
  root.folded(root);
  reveal();
}
