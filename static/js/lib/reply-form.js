// The reply form, opened under the comment it answers. It is the one of that comment's own page.
import { put } from "./formatting.js";

/** Open the form a link leads to, with what that page quotes, or `quote` in its place.
 * @param {HTMLAnchorElement} link @param {string} [quote] */
export async function openReply(link, quote = "") {
  const comment = link.closest(".comment");
  const there = writing(comment);
  const needsPage = !there || (link.search && !quote);
  const fetched = needsPage ? await formAt(link) : null;
  if (!comment || (needsPage && !fetched)) {
    location.assign(link.href);
    return;
  }
  const text = quote || (there ? fetched?.querySelector("textarea")?.value : "");
  if (!there && fetched && !writing(comment)) {
    fetched.id += `-${comment.dataset.comment}`;
    comment.append(document.adoptNode(fetched));
  }
  const area = writing(comment);
  if (area && text) add(area, text);
  area?.focus();
  if (area && !there) area.setSelectionRange(area.value.length, area.value.length);
}

/** The text being written in answer to a comment, wherever on the page. @param {Element | null} comment */
function writing(comment) {
  return document.querySelector(`form[action*="/comments/${comment?.dataset.comment}/replies"] textarea`);
}

/** @param {HTMLAnchorElement} link */
async function formAt(link) {
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  return page?.querySelector("form#reply") ?? null;
}

/** @param {HTMLTextAreaElement} area @param {string} text */
function add(area, text) {
  const written = area.value.trimEnd();
  put(area, written.length, area.value.length, written ? `\n\n${text}` : text);
}
