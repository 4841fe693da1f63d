// <comment-thread>: opens the reply form in place. Without it, "Reply" leads to the comment's own page.
customElements.define("comment-thread", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[data-reply]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#open(link);
    });
  }

  /** @param {HTMLAnchorElement} link */
  async #open(link) {
    const comment = link.closest(".comment");
    const there = comment?.querySelector("form");
    if (there) {
      there.querySelector("textarea")?.focus();
      return;
    }
    const answer = await fetch(link.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const form = page?.querySelector("form#reply");
    if (!form || !comment) {
      location.assign(link.href);
      return;
    }
    const suffix = link.pathname.split("/").pop();
    for (const tag of form.querySelectorAll("[id], [for]")) {
      if (tag.id) tag.id += `-${suffix}`;
      if (tag.htmlFor) tag.htmlFor += `-${suffix}`;
    }
    form.id += `-${suffix}`;
    comment.append(document.adoptNode(form));
    form.querySelector("textarea")?.focus();
  }
});
