// <live-discussion>: what makes a discussion that stays open better than the page it was. Without it everything is links and forms.
// What only some do, rate, read on, move by keys, is loaded when they begin to.
import { folds } from "../discussion/folds.js";
import { live } from "../discussion/live.js";
import { marks } from "../discussion/marks.js";
import { complain } from "../discussion/page.js";

customElements.define("live-discussion", class extends HTMLElement {
  #end = new AbortController();
  /** @type {Promise<(event: KeyboardEvent) => void> | null} */ #keys = null;

  connectedCallback() {
    const { signal } = this.#end;
    Object.assign(this, { signal, texts: JSON.parse(this.dataset.texts) });
    marks(this);
    folds(this);
    if (this.dataset.pulse) live(this);
    document.addEventListener("keydown", this.#press, { signal });
    document.getElementById("rate")?.addEventListener("submit", (event) => this.#rate(event), { signal });
    this.addEventListener("click", (event) => this.#click(event));
  }

  disconnectedCallback() {
    this.#end.abort();
  }

  /** The first key loads the keys, which listen for themselves from then on. */
  #press = (event) => {
    this.#loadKeys().then((press) => press(event)).catch(() => { this.#keys = null; });
  };

  #loadKeys() {
    this.#keys ??= import("../discussion/keys.js").then(({ keys }) => {
      document.removeEventListener("keydown", this.#press);
      return keys(this);
    });
    return this.#keys;
  }

  #click(event) {
    const link = event.target.closest(".more a[rel=next]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      import("../discussion/more.js").then(({ more }) => more(this, link)).catch(() => location.assign(link.href));
    } else if (event.target.closest("[data-help]")) {
      this.#loadKeys().then(() => this.querySelector("dialog[data-keys]").showModal()).catch(() => { this.#keys = null; });
    }
  }

  #rate(event) {
    const acts = event.submitter?.closest(".comment__acts");
    if (!acts) return;
    event.preventDefault();
    import("../discussion/ratings.js").then(({ rate }) => rate(this, event.submitter, acts))
      .catch(() => complain(acts, this.texts.offline));
  }
});
