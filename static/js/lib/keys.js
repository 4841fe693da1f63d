// Single-letter keys: whether they are wanted in this browser, and which one an event means.
const NAME = "desk-keys";

/** A browser that refuses storage has them on. @returns {boolean} */
export function areWanted() {
  try { return localStorage.getItem(NAME) !== "off"; } catch { return true; }
}

/** A browser that refuses storage forgets it with the page. @param {boolean} wanted */
export function want(wanted) {
  try { localStorage.setItem(NAME, wanted ? "on" : "off"); } catch { return; }
}

/** @param {EventTarget | null} target */
function takesText(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button])");
}

/** The key of an event that is nobody's typing and no shortcut of the browser's; on other alphabets the Latin key there.
 * @param {KeyboardEvent} event */
export function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return "";
  if (takesText(event.target) && event.key !== "Escape") return "";
  return /^[\x20-\x7e]+$/.test(event.key) ? event.key : event.code.replace("Key", "").toLowerCase();
}
