// <share-link data-text-…><a href></a></share-link>: in place of a plain link, buttons that share or copy its address.
// A browser that can do neither (or a page without https, which may not copy) keeps the link.
import { announce } from "../lib/announce.js";

const SHOWN = 3_000; // milliseconds: long enough to be read, short enough not to be taken for the button's name

customElements.define("share-link", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    if (!link || link.hidden) return;
    if (navigator.share) this.#add(this.dataset.textShare, link, () => this.#share(link));
    if (navigator.clipboard) this.#add(this.dataset.textCopy, link, (button) => this.#copy(link, button));
    link.hidden = this.childElementCount > 1;
  }

  #add(name, link, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.textContent = name;
    button.addEventListener("click", () => act(button));
    this.append(button);
  }

  async #share(link) {
    try {
      await navigator.share({ title: document.title, url: link.href });
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(link); // the reader may think better of it
    }
  }

  async #copy(link, button) {
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      this.#fail(link);
      return;
    }
    announce(this.dataset.textCopied);
    button.textContent = this.dataset.textCopied;
    setTimeout(() => { button.textContent = this.dataset.textCopy; }, SHOWN);
  }

  #fail(link) {
    announce(this.dataset.textFailed);
    link.hidden = false;
  }
});
