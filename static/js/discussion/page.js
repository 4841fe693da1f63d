// What the parts of an open discussion share: its comments in reading order, going to one, counted texts, complaints.
import { announce } from "../lib/announce.js";


/** @param {ParentNode} root @returns {HTMLElement[]} */
export const comments = (root) => [...root.querySelectorAll(".comment[data-comment]")];

/** Those that are not folded away. @param {ParentNode} root */
export const shown = (root) => comments(root).filter((comment) => !comment.closest("details:not([open])"));

/** @param {string | number | null} id */
export const byId = (id) => document.getElementById(`comment-${id}`);

/** @param {Element} comment @returns {HTMLDetailsElement | null} */
export const repliesOf = (comment) => comment.closest("li")?.querySelector(":scope > details.replies") ?? null;

/** @param {string} html @returns {HTMLElement} */
export function fromHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
}

/** Open whatever a comment is folded into. @param {Element | null} comment @returns {boolean} whether anything was closed */
export function unfold(comment) {
  let was = false;
  for (let fold = comment?.closest("details:not([open])"); fold; fold = comment?.closest("details:not([open])")) was = fold.open = true;
  return was;
}

/** @param {HTMLElement | undefined} comment */
export function goTo(comment) {
  if (!comment) return false;
  unfold(comment);
  comment.focus({ preventScroll: true });
  comment.scrollIntoView({ block: comment.offsetHeight > innerHeight ? "start" : "nearest" });
  return true;
}

const LANGUAGE = document.documentElement.lang || "en";
const FORMS = new Intl.PluralRules(LANGUAGE);
const NUMBERS = new Intl.NumberFormat(LANGUAGE);

/** @param {number} number */
export const written = (number) => NUMBERS.format(number);

/** A text in the form that fits a number, with the number in it. @param {Record<string, string>} forms @param {number} number */
export const counted = (forms, number) => (forms[FORMS.select(number)] ?? forms.other).replace("{count}", written(number));

/** Count anew what is folded together with a comment. @param {any} root @param {Element} comment */
export function recount(root, comment) {
  for (let fold = comment.closest("details.replies"); fold; fold = fold.parentElement?.closest("details.replies")) {
    const below = comments(fold);
    const fresh = below.filter((one) => one.matches(".comment--new")).length;
    fold.querySelector("[data-below]").textContent = counted(root.texts.replies, below.length);
    fold.querySelector("[data-below-new]").textContent = fresh ? counted(root.texts.fold, fresh) : "";
  }
}

/** Where threads stand that answer nobody. @param {any} root */
export function mainList(root) {
  const thread = root.querySelector("comment-thread");
  let list = thread.querySelector(":scope > ol.thread");
  if (list) return list;
  list = document.createElement("ol");
  list.className = "thread";
  thread.querySelector(":scope > .empty")?.remove();
  thread.append(list);
  return list;
}

/** Say in its place why something was not done. @param {Element} place @param {string} text */
export function complain(place, text) {
  const was = place.parentElement.querySelector(":scope > [data-problem]");
  const problem = was ?? document.createElement("p");
  problem.className = "comment__problem";
  problem.dataset.problem = "";
  problem.textContent = text;
  place.after(problem);
  announce(text);
}
