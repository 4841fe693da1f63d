// Which tool of a composer, or what else, a key with Ctrl or Cmd means.
const LETTERS = /** @type {Record<string, string>} */ ({ b: "bold", i: "italic", k: "link", e: "code" });
const SHIFTED = /** @type {Record<string, string>} */ ({ Period: "quote", Digit8: "list" });

export const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** On other alphabets the Latin letter of the key counts. @param {KeyboardEvent} event */
export function meaning(event) {
  if (!(isMac ? event.metaKey : event.ctrlKey) || event.altKey || event.isComposing) return "";
  if (event.key === "Enter") return "send";
  if (event.shiftKey) return SHIFTED[event.code] ?? "";
  const letter = /^[\x20-\x7e]$/.test(event.key) ? event.key : event.code.replace("Key", "");
  return LETTERS[letter.toLowerCase()] ?? "";
}
