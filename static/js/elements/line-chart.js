// <line-chart>: values of a line chart read at any time, by pointer, finger or keys. Without it the chart, its legend and its table say
// the same. What is read stands where the latest values stand, so nothing moves.
const SVG = "http://www.w3.org/2000/svg";
const PAUSE = 200; // ms after a key before it is said: keys that are held down would be said one over the other
const LEAP = 10;
const SHORT = 4 * 24 * 60 * 60; // seconds: in less, the day alone says too little
const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language);

/** @param {string} name @param {Record<string, string>} attributes */
function drawn(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** Halves go to the even number, as on the server. @param {number} value */
function rounded(value) {
  const near = Math.round(value);
  return near - value === 0.5 && near % 2 ? near - 1 : near;
}

customElements.define("line-chart", class extends HTMLElement {
  #said = 0;
  #place = -1;

  connectedCallback() {
    if (this.data) return;
    this.data = JSON.parse(this.dataset.readings);
    this.texts = JSON.parse(this.dataset.texts);
    this.when = this.querySelector("[data-when]");
    this.slots = [...this.querySelectorAll("[data-value]")];
    this.latest = { when: this.when.textContent, values: this.slots.map((slot) => [...slot.cloneNode(true).childNodes]) };
    const style = this.data.span < SHORT ? { dateStyle: "long", timeStyle: "short" } : { dateStyle: "long" };
    this.dates = new Intl.DateTimeFormat(language, { ...style, timeZone: this.data.zone });
    this.#addReader(this.querySelector(".chart__plot"));
  }

  /** The part that is pointed at and that takes the keys; the drawing below keeps its own words. */
  #addReader(plot) {
    this.drawing = plot.querySelector("svg");
    const reader = document.createElement("div");
    reader.className = "chart__reader";
    reader.tabIndex = 0;
    const roles = { role: "slider", "aria-label": this.texts.read, "aria-describedby": this.drawing.getAttribute("aria-labelledby") };
    const range = { "aria-valuemin": "0", "aria-valuemax": String(this.data.times.length - 1) };
    for (const [key, value] of Object.entries({ ...roles, ...range })) reader.setAttribute(key, value);
    plot.append(reader);
    this.reader = reader;
    this.#place = this.data.times.length - 1;
    this.#say();
    reader.addEventListener("pointermove", (event) => this.#point(event));
    reader.addEventListener("pointerdown", (event) => this.#point(event));
    reader.addEventListener("pointerleave", () => this.#rest());
    reader.addEventListener("keydown", (event) => this.#press(event));
    reader.addEventListener("blur", () => this.#rest());
  }

  #point(event) {
    const box = this.reader.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const first = Math.max(0, this.data.times[0]);
    this.#show(Math.min(this.data.until, Math.max(first, part * this.data.span)));
  }

  #press(event) {
    const last = this.data.times.length - 1;
    const to = {
      ArrowRight: this.#place + 1, ArrowUp: this.#place + 1, ArrowLeft: this.#place - 1, ArrowDown: this.#place - 1,
      PageUp: this.#place + LEAP, PageDown: this.#place - LEAP, Home: 0, End: last,
    }[event.key];
    if (event.key === "Escape") this.#rest();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#show(this.data.times[Math.min(last, Math.max(0, to))]);
    clearTimeout(this.#said);
    this.#said = setTimeout(() => this.#say(), PAUSE);
  }

  /** Shows what held at a time, in seconds from the start. */
  #show(time) {
    const { times, values, ranges, start, span, top } = this.data;
    this.#place = Math.max(0, times.findLastIndex((one) => one <= time));
    this.when.textContent = this.dates.format(new Date((start + time) * 1000));
    this.slots.forEach((slot, number) => {
      const range = ranges[number][this.#place];
      const edges = range ? ` (${this.#filled(this.texts.range, { low: this.#words(range[0]), high: this.#words(range[1]) })})` : "";
      const aside = Object.assign(document.createElement("span"), { className: "soft", textContent: edges });
      slot.replaceChildren(this.#words(values[number][this.#place]), aside);
    });
    const x = `${(100 * Math.max(0, time)) / span}%`;
    this.marks?.remove();
    this.marks = drawn("g", { "aria-hidden": "true" });
    this.marks.append(drawn("line", { class: "chart__hair", x1: x, x2: x, y1: "0", y2: "100%" }));
    values.forEach((line, number) => {
      const value = line[this.#place];
      const tone = this.slots[number].closest(".chart__key").className;
      if (value !== null) this.marks.append(drawn("circle", { class: `chart__read ${tone}`, cx: x, cy: `${100 - (100 * value) / top}%`, r: "4" }));
    });
    this.drawing.append(this.marks);
  }

  /** Gives the latest values back their place. */
  #rest() {
    if (!this.marks) return;
    this.marks.remove();
    this.marks = undefined;
    this.when.textContent = this.latest.when;
    this.slots.forEach((slot, number) => slot.replaceChildren(...this.latest.values[number].map((node) => node.cloneNode(true))));
  }

  #say() {
    const values = this.slots.map((slot) => `${slot.previousElementSibling.textContent} ${slot.textContent.trim()}`);
    this.reader.setAttribute("aria-valuenow", String(this.#place));
    this.reader.setAttribute("aria-valuetext", `${this.when.textContent}: ${values.join(", ")}`);
  }

  /** A value as the page writes it. */
  #words(value) {
    if (value === null || value === undefined) return "–";
    if (this.data.unit === 1) return whole.format(value);
    if (value > 0 && value < 5) return this.texts.under;
    return this.#filled(this.texts.percent, { number: whole.format(rounded(value / 10)) });
  }

  #filled(text, words) {
    return Object.entries(words).reduce((so, [name, word]) => so.replace(`{${name}}`, word), text);
  }
});
