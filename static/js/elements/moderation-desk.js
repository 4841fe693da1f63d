// <moderation-desk>: the keys of the desk, and decisions without leaving the page. Without it every form simply posts.
import { areWanted, keyOf, want } from "../lib/keys.js";

const REFRESH = 30_000; // ms: how much waits is asked again this often, while somebody looks
const LOOK = 300; // ms after moving on by itself in which no key decides: nobody has read the next comment yet

customElements.define("moderation-desk", class extends HTMLElement {
  #on = areWanted();
  #sending = Promise.resolve();
  #timer = 0;
  #movedAt = -LOOK;

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    this.addEventListener("focusin", (event) => this.#select(event.target.closest("[data-item]")));
    this.querySelector("[data-help]").addEventListener("click", () => this.#help.showModal());
    this.#switch.addEventListener("change", () => this.#turn(this.#switch.checked));
    this.#turn(this.#on);
    this.#select(this.#items[0]);
    document.addEventListener("keydown", this.#press);
    this.#timer = setInterval(() => this.#recount(), REFRESH);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    clearInterval(this.#timer);
  }

  get #items() { return [...this.querySelectorAll("[data-item]")]; }
  get #current() { return this.querySelector("[data-item][aria-current]"); }
  get #removal() { return this.#current?.querySelector("[data-removal]"); }
  get #help() { return this.querySelector("dialog"); }
  get #switch() { return this.querySelector("[data-switch]"); }

  #turn(on) {
    this.#on = this.#switch.checked = on;
    this.toggleAttribute("data-no-keys", !on);
    want(on);
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
    a: () => this.#decide("[data-approve]"),
    o: () => this.#decide("[data-refuse]"),
    r: () => this.#openReasons(),
    u: () => (this.#current?.querySelector("[data-undo]") ?? this.querySelector("[data-undo]"))?.form.requestSubmit(),
    t: () => this.#nextQueue(),
    "/": () => this.#search(),
    "?": () => this.#help.showModal(),
  };

  #reasonKeys = {
    digit: (key) => this.#pick(Number(key)),
    Escape: () => this.#closeReasons(),
    "?": () => this.#help.showModal(),
  };

  #select(item) {
    if (!item) return;
    for (const other of this.#items) other.toggleAttribute("aria-current", false);
    item.setAttribute("aria-current", "true");
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

  /** @param {string} button */
  #decide(button) {
    if (performance.now() - this.#movedAt < LOOK) return;
    this.#current?.querySelector(button)?.form.requestSubmit();
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

  #pick(place) {
    const reason = this.#removal.querySelectorAll("input[type=radio]")[place - 1];
    if (!reason) return;
    reason.checked = true;
    reason.focus();
  }

  #nextQueue() {
    const links = [...this.querySelectorAll("#queues a")];
    const here = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[(here + 1) % links.length].click();
  }

  #search() {
    const fold = this.querySelector("[data-narrow]");
    if (!fold) return;
    fold.open = true;
    fold.querySelector("input").focus();
  }

  #submit(event) {
    const form = event.target;
    if (!this.hasAttribute("data-live") || form.method !== "post" || !form.closest("[data-item], #last")) return;
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const body = new URLSearchParams(new FormData(form));
    this.#sending = this.#sending.then(() => this.#send(form, body)).finally(() => form.removeAttribute("aria-busy"));
  }

  async #send(form, body) {
    const item = form.closest("[data-item]");
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
    if (!answer) return this.#refused(item, this.dataset.textOffline);
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isOurs) return this.#refused(item, this.dataset.textFailed);
    const { said, regions = {}, sign_in: isSignedOut } = await answer.json();
    if (isSignedOut) return this.#refused(item, this.dataset.textSignedOut);
    const following = item?.nextElementSibling ?? item?.previousElementSibling;
    const fresh = this.#show(regions);
    if (!answer.ok) return this.#refused(fresh ?? item, said);
    if (fresh || this.#current === null) await this.#goOn(fresh ?? following);
    this.#say(this.#on && !fresh ? `${said} ${this.dataset.textUndo}` : said);
  }

  /** Put the parts of the page that have changed in their places; return the item among them, if it is still one. */
  #show(regions) {
    let item = null;
    for (const [id, html] of Object.entries(regions)) {
      const old = document.getElementById(id);
      const template = document.createElement("template");
      template.innerHTML = html;
      const fresh = document.importNode(template.content, true).firstElementChild;
      if (fresh?.matches("[data-item]")) item = fresh;
      if (old && fresh) old.replaceWith(fresh);
      else if (old) old.remove();
      else if (fresh) this.querySelector("[data-items]").prepend(fresh);
    }
    if (item) this.querySelector(".empty")?.remove();
    return item;
  }

  /** Focus the item to look at next, after having fetched more where none is left. */
  async #goOn(next) {
    this.#movedAt = performance.now();
    if (next?.isConnected) return this.#focus(next);
    const work = this.querySelector("#work");
    const answer = await fetch(work.dataset.more).catch(() => null);
    const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.getElementById("work");
    if (!fresh) return location.assign(work.dataset.more);
    work.replaceWith(document.adoptNode(fresh));
    const empty = this.querySelector(".empty");
    empty?.setAttribute("tabindex", "-1");
    this.#focus(this.#items[0] ?? empty);
  }

  #refused(item, message) {
    const place = item?.firstElementChild ?? this.querySelector("#last");
    place.querySelector("[data-refusal]")?.remove();
    const notice = document.createElement("p");
    notice.className = "notice notice--wrong";
    notice.dataset.refusal = "";
    notice.textContent = message;
    place.prepend(notice);
    this.#focus(item);
    this.#say(message);
  }

  #say(text) {
    const status = this.querySelector("[data-said]");
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50); // the same words twice are two announcements
  }

  async #recount() {
    if (document.hidden || this.querySelector("#queues").contains(document.activeElement)) return;
    const answer = await fetch(this.dataset.waiting, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) this.#show((await answer.json()).regions);
  }
});
