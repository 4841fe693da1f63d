// What the tools do to a text: Markdown around or before what is selected, away again the second time.

/** Put a text in place of another, so that the browser can undo it, and select part of it.
 * @param {HTMLTextAreaElement} area @param {number} from @param {number} to @param {string} text @param {[number, number]} [marked] */
export function put(area, from, to, text, marked = [from + text.length, from + text.length]) {
  area.focus();
  area.setSelectionRange(from, to);
  // old, but the only way that leaves undoing to the browser
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(...marked);
}

/** @param {HTMLTextAreaElement} area @param {string} mark */
function wrap(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const size = mark.length;
  const inner = value.slice(start, end);
  // a single mark inside a double one is not itself: **bold** is not italic
  const isAlone = value[start - size - 1] !== mark[0] && value[end + size] !== mark[0];
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark && (size > 1 || isAlone)) {
    put(area, start - size, end + size, inner, [start - size, end - size]);
    return;
  }
  const [, before, text, after] = /^(\s*)([^]*?)(\s*)$/.exec(inner) ?? ["", "", inner, ""];
  const from = start + before.length + size;
  put(area, start, end, before + mark + text + mark + after, [from, from + text.length]);
}

/** @param {HTMLTextAreaElement} area @param {string} mark */
function begin(area, mark) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", selectionEnd);
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const isOff = lines.every((line) => line.startsWith(mark));
  const changed = lines.map((line) => (isOff ? line.slice(mark.length) : mark + line)).join("\n");
  // a list or a quote right under a line of text would be part of its paragraph
  const gap = !isOff && start > 0 && value[start - 2] !== "\n" && !value.slice(0, start - 1).split("\n").pop()?.startsWith(mark) ? "\n" : "";
  const last = start + gap.length + changed.length;
  put(area, start, end, gap + changed, lines.length > 1 ? [start + gap.length, last] : [last, last]);
}

/** @param {HTMLTextAreaElement} area */
function link(area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = value.slice(start, end).trim();
  const isAddress = /^https?:\/\/\S+$/.test(text);
  const words = isAddress ? "" : text;
  const address = isAddress ? text : "https://";
  const at = words ? start + words.length + 3 : start + 1; // the address is what is missing, or the words
  put(area, start, end, `[${words}](${address})`, [at, words ? at + address.length : at]);
}

/** @param {HTMLTextAreaElement} area */
function code(area) {
  const text = area.value.slice(area.selectionStart, area.selectionEnd);
  if (!text.includes("\n")) return wrap(area, "`");
  const start = area.selectionStart + 4;
  return put(area, area.selectionStart, area.selectionEnd, `\`\`\`\n${text}\n\`\`\`\n`, [start, start + text.length]);
}

/** @param {HTMLTextAreaElement} area @param {string} tool */
export function format(area, tool) {
  if (tool === "bold") wrap(area, "**");
  else if (tool === "italic") wrap(area, "*");
  else if (tool === "quote") begin(area, "> ");
  else if (tool === "list") begin(area, "- ");
  else if (tool === "link") link(area);
  else code(area);
}
