// The text as it would be posted, by the server's own renderer, while it is being written.
const PAUSE = 400; // ms without a key until it is asked for

export class Preview {
  #timer = 0;
  #asked = new AbortController();

  /** @param {HTMLElement} composer @param {HTMLTextAreaElement} area @param {HTMLElement} button */
  constructor(composer, area, button) {
    Object.assign(this, { composer, area, button });
    this.region = composer.querySelector(".composer__preview");
    area.addEventListener("input", () => this.#soon());
  }

  toggle() {
    this.region.hidden = !this.region.hidden;
    this.button.setAttribute("aria-expanded", String(!this.region.hidden));
    if (!this.region.hidden) this.#ask();
  }

  #soon() {
    clearTimeout(this.#timer);
    if (!this.region.hidden) this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    const text = this.region.firstElementChild;
    if (!this.area.value.trim()) return text.replaceChildren();
    const request = { method: "POST", body: new URLSearchParams({ body: this.area.value }), headers: { Accept: "application/json" } };
    const answer = await fetch(this.composer.dataset.preview, { ...request, signal }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (signal.aborted) return undefined;
    if (answer?.ok && told) text.innerHTML = told.html; // what it is on the page once it is posted
    else text.textContent = told?.said ?? this.composer.dataset.textNoPreview;
    return undefined;
  }
}
