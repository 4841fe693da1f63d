// A "Quote" button beside what is selected in a comment. Without it, the comment's own "Quote" quotes its beginning.
const PAUSE = 200; // ms until a selection counts as made
const LONGEST = 600; // characters, as the server quotes
const button = document.createElement("button");
button.type = "button";
button.className = "quote-button";
let timer = 0;

/** The comment in which all of the selection lies, if it can be answered. */
function place() {
  const selection = getSelection();
  const text = selection && !selection.isCollapsed ? textAround(selection.anchorNode) : null;
  const act = text?.closest("[data-comment]")?.querySelector("a[data-reply][rel]");
  if (!text || !act || text !== textAround(selection?.focusNode) || !selection?.toString().trim()) return null;
  return { text, act: /** @type {HTMLAnchorElement} */ (act), range: selection.getRangeAt(0) };
}

/** @param {Node | null | undefined} node */
function textAround(node) {
  return (node instanceof Element ? node : node?.parentElement)?.closest(".comment .comment__text") ?? null;
}

function show() {
  const here = place();
  if (!here) {
    if (document.activeElement !== button) button.remove();
    return;
  }
  const lines = here.range.getClientRects();
  const last = lines[lines.length - 1] ?? here.range.getBoundingClientRect();
  const comment = here.text.closest(".comment");
  const box = comment.getBoundingClientRect();
  button.textContent = here.act.textContent;
  if (button.previousElementSibling !== here.text) here.text.after(button);
  button.style.top = `${last.bottom - box.top + 4}px`;
  button.style.left = `${Math.max(0, Math.min(last.left - box.left, box.width - button.offsetWidth))}px`;
}

/** Selected text as Markdown that shows the same. @param {string} text */
function literal(text) {
  const cut = [...text.trim()].length > LONGEST ? `${[...text.trim()].slice(0, LONGEST).join("")} …` : text.trim();
  const plain = cut.replace(/[\\`*_[\]<>~]/g, "\\$&").replace(/^(\s*)([-+#]|\d+(?=[.)]))/gm, (_, space, mark) =>
    /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`);
  return plain.split(/\n+/).map((line) => `> ${line}`).join("\n>\n");
}

button.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
button.addEventListener("click", async () => {
  const here = place();
  const comment = here?.text.closest(".comment");
  if (!here || !comment) return;
  const name = comment.querySelector(".comment__name")?.textContent?.trim().replace(/[\\_*`[\]]/g, "\\$&");
  const head = `> [${name}](${here.act.pathname}#${comment.id}):\n>\n`;
  const quote = `${head}${literal(getSelection()?.toString() ?? "")}\n\n`;
  button.remove();
  getSelection()?.removeAllRanges();
  const { openReply } = await import("../lib/reply-form.js");
  openReply(comment.querySelector("a[data-reply]:not([rel])"), quote);
});
function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
}

soon(); // the selection that loaded this
document.addEventListener("selectionchange", soon);
