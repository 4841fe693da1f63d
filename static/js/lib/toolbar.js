// A toolbar is one stop of the Tab key; the arrows lead from tool to tool.
import { isMac } from "./shortcuts.js";

/** @param {HTMLElement} bar */
export function equip(bar) {
  const tools = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("[data-tool]")]);
  for (const tool of tools) {
    const keys = tool.dataset.keys ?? "";
    tool.setAttribute("aria-keyshortcuts", `${isMac ? "Meta" : "Control"}+${keys}`);
    tool.title = `${isMac ? "⌘" : "Ctrl"}+${keys}`;
  }
  /** @param {number} place */
  const go = (place) => {
    const next = tools[(place + tools.length) % tools.length];
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  };
  bar.addEventListener("keydown", (event) => {
    const here = tools.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const onward = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: here + onward, ArrowLeft: here - onward, Home: 0, End: -1 });
    if (here < 0 || !Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    go(steps[event.key]);
  });
}
