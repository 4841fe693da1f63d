// <chance-fields>: plus and minus act in place and keep the sum at 100; bars and the pick follow. The server checks all of it.
import { announce } from "../lib/announce.js";
import { completed, even, leaning, moved, PRESS, WHOLE } from "../lib/chances.js";

const NUMBER = /^[0-9]{1,3}$/;
const FINE = 1; // percent, with Shift or the arrow keys

customElements.define("chance-fields", class extends HTMLElement {
  connectedCallback() {
    const fields = this.querySelector("fieldset");
    if (!fields || this.#inputs.length === 0) return;
    this.#sum.className = "chances__sum num";
    this.#sum.setAttribute("role", "status");
    if (!this.#sum.isConnected) fields.append(this.#sum);
    this.addEventListener("click", (event) => this.#press(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("input", () => this.#show());
    addEventListener("pageshow", () => this.#show()); // come back to: the browser may have kept what was typed
    this.#show();
  }

  #sum = document.createElement("p");

  get #inputs() { return [...this.querySelectorAll("input")]; }

  /** @param {MouseEvent} event */
  #press(event) {
    const button = event.target instanceof Element ? event.target.closest("button[name=step]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const size = event.shiftKey ? FINE : PRESS;
    this.#move(button.closest("[data-chance-of]"), button.value.startsWith("plus") ? size : -size);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const ways = /** @type {Record<string, number>} */ ({ ArrowUp: FINE, ArrowDown: -FINE, PageUp: PRESS, PageDown: -PRESS });
    if (!(event.target instanceof HTMLInputElement) || !(event.key in ways)) return;
    event.preventDefault();
    this.#move(event.target.closest("[data-chance-of]"), ways[event.key]);
  }

  /** @param {Element | null} row @param {number} by */
  #move(row, by) {
    const inputs = this.#inputs;
    const place = inputs.findIndex((input) => row?.contains(input));
    const typed = inputs.map((input) => input.value.trim());
    if (place < 0 || typed.some((text) => text && !NUMBER.test(text))) return;
    const numbers = typed.map((text) => (text ? Number(text) : null));
    const whole = typed.some(Boolean) ? completed(numbers) : this.#start(inputs.length);
    moved(whole, place, by).forEach((chance, other) => { inputs[other].value = String(chance); });
    this.#show();
    this.#follow();
    announce(`${row?.querySelector("label")?.textContent ?? ""} ${inputs[place].value} %`);
  }

  /** Where to begin: as the pick and the words say, or even. @param {number} count */
  #start(count) {
    const place = this.#picks.findIndex((radio) => radio.checked);
    const words = Number(this.#form?.querySelector("select[name=confidence]")?.value);
    if (place < 0) return even(count);
    return words ? leaning(count, place, words) : leaning(count, place);
  }

  get #form() { return this.closest("form"); }

  /** @returns {HTMLInputElement[]} */
  get #picks() { return [...(this.#form?.querySelectorAll("input[name=outcome]") ?? [])]; }

  /** The pick goes along where another outcome is ahead of it by now. */
  #follow() {
    const chances = this.#inputs.map((input) => Number(input.value));
    const most = Math.max(...chances);
    const picked = this.#picks.findIndex((radio) => radio.checked);
    if (picked >= 0 && chances[picked] < most) this.#picks[chances.indexOf(most)].checked = true;
  }

  #show() {
    const drawn = this.#inputs.map((input) => (NUMBER.test(input.value.trim()) ? Math.min(Number(input.value), WHOLE) : 0));
    const most = Math.max(...drawn);
    this.#inputs.forEach((input, place) => {
      const row = input.closest("[data-chance-of]");
      row?.querySelector("rect")?.setAttribute("width", String(drawn[place]));
      row?.toggleAttribute("data-likeliest", most > 0 && place === drawn.indexOf(most));
    });
    const total = this.#inputs.reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
    this.#sum.textContent = this.#inputs.some((input) => input.value.trim()) ? `${total} / ${WHOLE} %` : "";
  }
});
