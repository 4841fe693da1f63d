// <ask-card>: keeps what was typed across reloads and failures, and sends once however often the button is pressed.
import { keep, kept, forget } from "../lib/drafts.js";

customElements.define("ask-card", class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const reason = form?.elements.namedItem("reason");
    if (!form) return;
    const name = `card:${location.pathname}`;
    if (reason instanceof HTMLTextAreaElement) {
      reason.value ||= kept(name);
      reason.addEventListener("input", () => keep(name, reason.value));
    }
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      form.querySelector("button")?.setAttribute("aria-disabled", "true");
    });
    // coming back with the back button: the form may be sent again
    addEventListener("pageshow", () => {
      delete form.dataset.sent;
      form.querySelector("button")?.removeAttribute("aria-disabled");
    });
    if (document.querySelector(".notice--done, .notice--kept") && reason instanceof HTMLTextAreaElement) {
      forget(name);
      reason.value = reason.defaultValue;
    }
  }
});
