// Moving through the comments by single letters. Focus moves to the comment itself, so that a screen reader reads it.
import { announce } from "../lib/announce.js";
import { areWanted, keyOf, want } from "../lib/keys.js";
import { goTo, repliesOf, shown } from "./page.js";

const NAME = "discussion-keys";

/** Listen for keys; return what a key that was pressed before this was here does. @param {any} root */
export function keys(root) {
  const help = root.querySelector("dialog[data-keys]");
  const box = help.querySelector("[data-switch]");
  box.checked = areWanted(NAME);
  box.addEventListener("change", () => want(box.checked, NAME));

  const here = () => document.activeElement?.closest(".comment[data-comment]") ?? null;
  const inView = () => shown(root).findIndex((comment) => comment.getBoundingClientRect().bottom > 0);
  const step = (by) => {
    const all = shown(root);
    const at = all.indexOf(here());
    goTo(all[at < 0 ? Math.max(inView(), 0) : at + by]);
  };
  const above = (comment) => comment?.closest("li")?.parentElement.closest("li")?.querySelector(":scope > .comment");
  const beside = (way) => goTo(here()?.closest("li")[`${way}ElementSibling`]?.querySelector(":scope > .comment"));
  const nextNew = () => {
    const all = [...root.querySelectorAll(".comment--new")];
    const from = here();
    const after = from && all.find((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!goTo(after ?? all.find((one) => one !== from))) announce(root.texts.nothing);
  };
  const fold = () => {
    const comment = here();
    const replies = comment && (repliesOf(comment) ?? comment.closest("details.replies"));
    if (!replies) return;
    if (replies.open && replies.contains(comment)) goTo(above(comment));
    replies.open = !replies.open;
  };

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    p: () => goTo(above(here())),
    "]": () => beside("next"),
    "[": () => beside("previous"),
    n: nextNew,
    c: fold,
    r: () => here()?.querySelector("a[data-reply]")?.click(),
    "?": () => help.showModal(),
  };
  const press = (event) => {
    const key = box.checked && !document.querySelector("dialog[open]") ? keyOf(event) : "";
    if (!Object.hasOwn(acts, key) || (event.repeat && !"jk".includes(key))) return;
    event.preventDefault();
    acts[key]();
  };
  document.addEventListener("keydown", press, { signal: root.signal });
  return press;
}
