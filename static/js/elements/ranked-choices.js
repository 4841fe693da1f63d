// <ranked-choices>: answers are tapped in order of preference and moved up and down. The selects keep what is sent.
import { announce } from "../lib/announce.js";

customElements.define("ranked-choices", class extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("ul");
    if (!list || this.classList.contains("is-live")) return;
    this.classList.add("is-live");
    const hint = this.querySelector(".field__hint");
    if (hint) hint.textContent = this.dataset.textHint ?? "";
    this.#offered = [...list.children];
    for (const row of this.#offered) this.#complete(row);
    addEventListener("pageshow", () => this.#show()); // come back to: the browser may have kept the places
    this.#show();
  }

  /** @type {Element[]} */
  #offered = [];

  /** Put the buttons beside an answer, in place of its select. @param {Element} row */
  #complete(row) {
    const label = row.querySelector("label");
    const select = row.querySelector("select");
    if (!label || !select) return;
    const words = label.textContent ?? "";
    const pick = this.#button("ranking__pick", () => this.#toggle(row));
    pick.setAttribute("aria-pressed", "false");
    if (select.hasAttribute("aria-describedby")) pick.setAttribute("aria-describedby", select.getAttribute("aria-describedby") ?? "");
    const place = document.createElement("span");
    place.className = "ranking__place num";
    const name = document.createElement("span");
    name.dir = "auto";
    name.textContent = words;
    pick.append(place, name);
    const up = this.#button("ranking__move", () => this.#shift(row, -1), "↑", this.dataset.textUp?.replace("#", () => words));
    const down = this.#button("ranking__move", () => this.#shift(row, 1), "↓", this.dataset.textDown?.replace("#", () => words));
    label.hidden = select.hidden = true;
    row.append(pick, up, down);
  }

  /** @param {string} look @param {() => void} act @param {string} [sign] @param {string} [words] */
  #button(look, act, sign = "", words = "") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = look;
    button.textContent = sign;
    if (words) button.setAttribute("aria-label", words);
    button.addEventListener("click", act);
    return button;
  }

  /** The answers that have a place, the first one first. */
  get #ranking() {
    const placed = this.#offered.filter((row) => this.#placeOf(row) > 0);
    return placed.sort((one, other) => this.#placeOf(one) - this.#placeOf(other));
  }

  /** @param {Element} row */
  #placeOf(row) { return Number(row.querySelector("select")?.value ?? 0); }

  /** @param {Element} row */
  #toggle(row) {
    const ranking = this.#ranking;
    this.#rank(ranking.includes(row) ? ranking.filter((other) => other !== row) : [...ranking, row], row);
  }

  /** @param {Element} row @param {number} by */
  #shift(row, by) {
    const ranking = this.#ranking;
    const place = ranking.indexOf(row);
    if (place < 0 || place + by < 0 || place + by >= ranking.length) return;
    ranking.splice(place, 1);
    ranking.splice(place + by, 0, row);
    this.#rank(ranking, row);
  }

  /** @param {Element[]} ranking @param {Element} moved */
  #rank(ranking, moved) {
    for (const row of this.#offered) {
      const select = row.querySelector("select");
      if (select) select.value = String(ranking.indexOf(row) + 1 || "");
    }
    const focused = document.activeElement;
    this.#show();
    if (focused instanceof HTMLElement) focused.focus(); // moving a row takes it away
    const place = moved.querySelector("select")?.selectedOptions[0]?.textContent ?? "";
    announce(`${moved.querySelector("label")?.textContent ?? ""}: ${place}`);
  }

  /** Those that have a place stand first, in its order; two with the same place are left to the server's word. */
  #show() {
    const ranking = this.#ranking;
    const order = [...ranking, ...this.#offered.filter((row) => !ranking.includes(row))];
    const list = this.querySelector("ul");
    if (order.some((row, place) => list?.children[place] !== row)) list?.append(...order);
    for (const row of this.#offered) {
      const place = ranking.indexOf(row);
      const select = row.querySelector("select");
      const badge = row.querySelector(".ranking__place");
      if (badge) badge.textContent = place < 0 ? "" : select?.selectedOptions[0]?.textContent ?? "";
      row.querySelector(".ranking__pick")?.setAttribute("aria-pressed", String(place >= 0));
      row.classList.toggle("ranking__row--placed", place >= 0);
      const [up, down] = row.querySelectorAll(".ranking__move");
      up?.setAttribute("aria-disabled", String(place < 1));
      down?.setAttribute("aria-disabled", String(place < 0 || place === ranking.length - 1));
    }
  }
});
