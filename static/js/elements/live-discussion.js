// <live-discussion>: what makes a discussion that stays open better than the page it was. Without it everything is links and forms.
import { folds } from "../discussion/folds.js";
import { keys } from "../discussion/keys.js";
import { live } from "../discussion/live.js";
import { marks } from "../discussion/marks.js";
import { more } from "../discussion/more.js";
import { ratings } from "../discussion/ratings.js";

customElements.define("live-discussion", class extends HTMLElement {
  #end = new AbortController();

  connectedCallback() {
    this.texts = JSON.parse(this.dataset.texts);
    this.signal = this.#end.signal;
    for (const part of [marks, folds, keys, more, ratings]) part(this);
    if (this.dataset.pulse) live(this);
  }

  disconnectedCallback() {
    this.#end.abort();
  }
});
