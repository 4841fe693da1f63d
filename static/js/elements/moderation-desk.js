// <moderation-desk>: the keys of the desk, and decisions without leaving the page. Without it every form simply posts.
import { addArrived, keepFresh, recount, refill } from "../desk/arrivals.js";
import { leases } from "../desk/leases.js";
import { openNextQueue, openSearch } from "../desk/places.js";
import { offer, pick } from "../desk/reasons.js";
import { countSelected, refuse, show } from "../desk/regions.js";
import { inTurn } from "../desk/sending.js";
import { areWanted, keyOf, takesText, want } from "../lib/keys.js";

const LOOK = 300; // ms after moving on by itself in which no key decides: nobody has read the next comment yet

customElements.define("moderation-desk", class extends HTMLElement {
  #on = areWanted();
  #movedAt = -LOOK;
  #leases = leases(this);
  #end = () => {};

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("change", (event) => this.#change(event.target));
    this.addEventListener("toggle", (event) => event.target.matches("[data-words]") && offer(this.#removal ?? event.target), true);
    this.addEventListener("focusin", (event) => this.#select(event.target.closest("[data-item]")));
    this.#turn(this.#on);
    this.#select(this.#items[0]);
    this.querySelector("#queues [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    document.addEventListener("keydown", this.#press);
    this.#end = keepFresh(this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    this.#end();
    this.#leases.end();
  }

  /** Ask now how much waits, and not only when it is time. */
  recount() { return recount(this); }

  get #items() { return [...this.querySelectorAll("[data-item]")]; }
  get #current() { return this.querySelector("[data-item][aria-current]"); }
  get #removal() { return this.#current?.querySelector("[data-removal]"); }
  get #help() { return this.querySelector("dialog"); }

  #turn(on) {
    this.#on = this.querySelector("[data-switch]").checked = on;
    this.toggleAttribute("data-no-keys", !on);
    return on;
  }

  #press = (event) => {
    const key = this.#on && !this.#help.open ? keyOf(event) : "";
    const acts = this.#removal?.contains(document.activeElement) && this.#removal.open ? this.#reasonKeys : this.#keys;
    const act = /^[1-9]$/.test(key) ? acts.digit : Object.hasOwn(acts, key) ? acts[key] : null;
    if (!act || (event.repeat && !"jk".includes(key))) return;
    event.preventDefault();
    act(key);
  };

  #keys = {
    j: () => this.#move(1),
    k: () => this.#move(-1),
    r: () => this.#openReasons(),
    u: () => this.#undo(),
    x: () => this.#current?.querySelector("[data-select]")?.click(),
    m: () => this.querySelector("[data-key=bulk]")?.click(),
    b: () => this.#current?.querySelector("[data-veil] > summary")?.click(),
    t: () => openNextQueue(this),
    "/": () => openSearch(this),
    "?": () => this.#help.showModal(),
    ...Object.fromEntries([..."aohel"].map((key) => [key, () => this.#decide(key)])),
    ...Object.fromEntries([..."synv"].map((key) => [key, () => this.#current?.querySelector(`a[data-key=${key}]`)?.click()])),
  };

  #reasonKeys = {
    digit: (key) => pick(this.#removal, Number(key)),
    Escape: () => this.#closeReasons(),
    "?": () => this.#help.showModal(),
  };

  #select(item) {
    if (!item || item.hasAttribute("aria-current")) return;
    for (const other of this.#items) other.removeAttribute("aria-current");
    item.setAttribute("aria-current", "true");
    this.#leases.at(item);
  }

  #focus(item) {
    item?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
  }

  #move(step) {
    const items = this.#items;
    const here = items.indexOf(this.#current);
    const isThere = items[here]?.contains(document.activeElement);
    this.#focus(items[Math.min(Math.max(here + (isThere ? step : 0), 0), items.length - 1)]);
  }

  #decide(key) {
    if (performance.now() - this.#movedAt < LOOK) return;
    this.#current?.querySelector(`button[data-key=${key}]`)?.form.requestSubmit();
  }

  /** Take back the decision one is at, or else the last. What is on its way will be the last, and no older one is meant. */
  #undo() {
    const undo = this.#current?.querySelector("[data-undo]") ?? this.querySelector("[data-undo]:not([data-item] *)");
    if (this.querySelector("form[aria-busy]")) this.#say(this.dataset.textBusy);
    else if (undo) undo.form.requestSubmit();
    else this.#say(this.dataset.textNoUndo);
  }

  #openReasons() {
    if (!this.#removal) return;
    this.#removal.open = true;
    this.#removal.querySelector("input[type=radio]").focus();
  }

  #closeReasons() {
    this.#removal.open = false;
    this.#focus(this.#current);
  }

  #click(event) {
    const link = event.target.closest("[data-help], [data-agree], [data-arrived]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-help]")) return this.#help.showModal();
    if (!this.hasAttribute("data-live")) return;
    event.preventDefault();
    if (link.matches("[data-arrived]")) addArrived(this, link).then((first) => this.#lead(first));
    else this.#leave(link.closest("[data-item]"));
  }

  #change(target) {
    if (target.matches("[data-switch]")) want(this.#turn(target.checked)); // never unasked: another tab may have chosen
    if (target.matches("[data-removal] [name=reason]")) offer(target.closest("[data-removal]"));
    if (target.matches("[data-select]")) this.#say(this.dataset.textSelected.replace("%(number)s", countSelected(this)));
  }

  #submit(event) {
    const form = event.target;
    const isDecision = form.method === "post" && form.closest("[data-item], #last");
    if (!this.hasAttribute("data-live") || !isDecision) return;
    event.preventDefault();
    const place = (form.closest("[data-item]") ?? this.#current)?.id;
    inTurn(form, event.submitter, this.dataset, (answer) => this.#answered(form, place, answer));
  }

  async #answered(form, place, { ok, said, regions, movesOn }) {
    const item = form.closest("[data-item]");
    const following = item?.nextElementSibling ?? item?.previousElementSibling;
    const isStill = this.#isStill(form, place);
    const fresh = show(this, regions);
    if (!ok) return this.#refused(fresh ?? item, said, isStill);
    if (isStill && (fresh || this.#current === null)) await this.#goOn(fresh && !(movesOn && following) ? fresh : following);
    else if (!this.#items.length) await refill(this);
    this.#say(this.#on && !fresh ? `${said} ${this.dataset.textUndo}` : said);
  }

  async #leave(item) {
    const following = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    countSelected(this);
    await this.#goOn(following);
  }

  /** Whether who decided at a place has neither gone elsewhere since nor begun to type: a late answer leaves them there. */
  #isStill(form, place) {
    const field = document.activeElement;
    return (this.#current?.id ?? place) === place && (form.contains(field) || !takesText(field));
  }

  /** Focus the item to look at next, after having fetched more where none is left. */
  async #goOn(next) {
    if (!next?.isConnected) await refill(this);
    this.#lead(next?.isConnected ? next : this.#items[0] ?? this.querySelector(".empty"));
  }

  /** Focus an item of ourselves. Never away from a field: the next letters typed would decide. */
  #lead(item) {
    if (takesText(document.activeElement)) return;
    this.#movedAt = performance.now();
    this.#focus(item);
  }

  #refused(item, message, isStill) {
    refuse(item?.firstElementChild ?? this.querySelector("#last"), message);
    if (isStill) this.#lead(item);
    this.#say(message);
  }

  #say(text) {
    const status = this.querySelector("[data-said]");
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50); // the same words twice are two announcements
  }
});
