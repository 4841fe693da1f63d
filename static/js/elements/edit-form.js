// <edit-form>: asks before typed text is left behind, and sends once however often the button is pressed.
customElements.define("edit-form", class extends HTMLElement {
  #changed = false;
  #sent = false;
  #ask = (/** @type {BeforeUnloadEvent} */ event) => {
    if (this.#changed && !this.#sent) event.preventDefault();
  };
  #again = () => { this.#sent = false; };

  connectedCallback() {
    // a form that comes back, with its mistakes or with more rows, holds text that is saved nowhere; so does one typed in already
    this.#changed = this.matches("[data-unsaved], :has(.notice--wrong)") || this.#isTypedIn();
    this.addEventListener("input", () => { this.#changed = true; });
    this.addEventListener("submit", (event) => {
      if (this.#sent) event.preventDefault();
      this.#sent = true;
    });
    addEventListener("beforeunload", this.#ask);
    addEventListener("pageshow", this.#again);
  }

  #isTypedIn() {
    const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (this.querySelectorAll("input, textarea"));
    return [...fields].some((field) => field.value !== field.defaultValue);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.#ask);
    removeEventListener("pageshow", this.#again);
  }
});
