// <follow-button>: follows or stops without loading the page again. When anything goes wrong the form is simply sent.
customElements.define("follow-button", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      if (!(event.target instanceof HTMLFormElement)) return;
      event.preventDefault();
      this.#send(event.target);
    });
  }

  /** @param {HTMLFormElement} form */
  async #send(form) {
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const news = answer?.ok ? await answer.json().catch(() => null) : null;
    const fresh = news && new DOMParser().parseFromString(news.html, "text/html").querySelector("form");
    if (!fresh) {
      form.submit();
      return;
    }
    form.replaceWith(document.adoptNode(fresh));
    fresh.querySelector("button")?.focus();
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = news.said;
  }
});
