// <comment-thread data-text-draft>: opens the reply form in place, and says where a reply was begun.
// Without it, "Reply" and "Quote" lead to the comment's own page.
import { places } from "../lib/drafts.js";

customElements.define("comment-thread", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[data-reply]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#open(link);
    });
    document.addEventListener("selectionchange", () => import("../lib/quote-selection.js"), { once: true });
    for (const place of places("reply:")) this.#mark(place.slice("reply:".length));
  }

  /** @param {HTMLAnchorElement} link */
  async #open(link) {
    const lib = await import("../lib/reply-form.js").catch(() => null);
    if (lib) lib.openReply(link);
    else location.assign(link.href);
  }

  /** @param {string} id */
  #mark(id) {
    const link = this.querySelector(`[data-comment="${CSS.escape(id)}"] a[data-reply]`);
    if (link && this.dataset.textDraft) link.append(` (${this.dataset.textDraft})`);
  }
});
