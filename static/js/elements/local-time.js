// <local-time>: an instant in the reader's own zone and words, with the exact instant on hover.
const language = document.documentElement.lang;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: "long" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** @param {Date} instant */
function inWords(instant) {
  let amount = (instant.getTime() - Date.now()) / 60_000;
  for (const [unit, size] of [["minute", 60], ["hour", 24], ["day", 7]]) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return dayOnly.format(instant);
}

customElements.define("local-time", class extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    if (!time) return;
    const instant = new Date(time.dateTime);
    time.title = exact.format(instant);
    time.textContent = this.classList.contains("local-time--exact") ? exact.format(instant) : inWords(instant);
  }
});
