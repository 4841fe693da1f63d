// <local-time>: an instant in the reader's own zone and words, with the exact instant on hover. It stays true while the page is open.
import { now, whenChanged } from "../lib/clock.js";

const MINUTE = 60_000; // ms
const language = document.documentElement.lang;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** @param {Date} instant */
function inWords(instant) {
  let amount = (instant.getTime() - now()) / MINUTE;
  for (const [unit, size] of [["minute", 60], ["hour", 24], ["day", 7]]) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return dayOnly.format(instant);
}

customElements.define("local-time", class extends HTMLElement {
  static #shown = new Set();

  static {
    const again = () => { for (const one of this.#shown) one.#show(); };
    setInterval(again, MINUTE);
    whenChanged(again);
  }

  connectedCallback() {
    this.constructor.#shown.add(this);
    this.#show();
  }

  disconnectedCallback() {
    this.constructor.#shown.delete(this);
  }

  #show() {
    const time = this.querySelector("time");
    if (!time) return;
    const instant = new Date(time.dateTime);
    const text = this.classList.contains("local-time--exact") ? exact.format(instant) : inWords(instant);
    time.title = exact.format(instant);
    if (time.textContent !== text) time.textContent = text;
  }
});
