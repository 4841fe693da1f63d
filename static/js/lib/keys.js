// Single-letter keys: whether they are wanted in this browser, by the name of the page's keys, and which one an event means.

/** A browser that refuses storage has them on. @param {string} name @returns {boolean} */
export function areWanted(name = "desk-keys") {
  try { return localStorage.getItem(name) !== "off"; } catch { return true; }
}

/** A browser that refuses storage forgets it with the page. @param {boolean} wanted @param {string} name */
export function want(wanted, name = "desk-keys") {
  try { localStorage.setItem(name, wanted ? "on" : "off"); } catch { return; }
}

/** @param {EventTarget | null} target */
export function takesText(target) {
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
