// <ask-card>: sends the card without losing anything of it to a lost connection, and once however often it is pressed.
import { sendInPlace } from "../lib/sending.js";

customElements.define("ask-card", class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    if (form) sendInPlace(form);
  }
});
