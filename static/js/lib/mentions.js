// Names of people in this discussion, offered while one is being typed after an @. The field stays a text box: a combobox has
// one line, and only one may be "expanded"; the active option is read out as it is.
import { put } from "./formatting.js";

const PAUSE = 150; // ms
const TYPED = /(?:^|[^\p{L}\p{N}@])@([\p{L}\p{N}][\p{L}\p{M}\p{N} .'’\-_·]{0,29})$/u;

export class Mentions {
  #people = [];
  #place = 0;
  #timer = 0;
  #asked = new AbortController();
  #nobody = ""; // what was typed when nobody was found; more of it finds nobody either

  /** @param {HTMLElement} composer @param {HTMLTextAreaElement} area */
  constructor(composer, area) {
    Object.assign(this, { composer, area });
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${area.id}-people`, className: "people", role: "listbox", hidden: true, ariaLabel: composer.dataset.textPeople });
    area.after(this.list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-haspopup", "listbox");
    area.setAttribute("aria-controls", this.list.id);
    area.addEventListener("input", () => this.#soon());
    area.addEventListener("keydown", (event) => this.#press(event));
    area.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps the focus
    this.list.addEventListener("click", (event) => this.#pick([...this.list.children].indexOf(event.target.closest("li"))));
    this.#soon(); // a name may have been begun before this was here
  }

  /** What stands between the @ and the caret. */
  #typed() {
    const { selectionStart, selectionEnd, value } = this.area;
    return selectionStart === selectionEnd ? TYPED.exec(value.slice(0, selectionStart))?.[1] ?? "" : "";
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asked.abort();
  }

  #soon() {
    this.#stop();
    const typed = this.#typed();
    if (!typed || (this.#nobody && typed.startsWith(this.#nobody))) return this.#close();
    this.#timer = setTimeout(() => this.#ask(typed), PAUSE);
    return undefined;
  }

  async #ask(typed) {
    const { signal } = this.#asked = new AbortController();
    const address = `${this.composer.dataset.people}?${new URLSearchParams({ q: typed })}`;
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } }).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (signal.aborted || typed !== this.#typed()) return;
    this.#people = Array.isArray(found) ? found : [];
    this.#nobody = Array.isArray(found) && found.length === 0 ? typed : "";
    if (this.#people.length && document.activeElement === this.area) this.#open();
    else this.#close();
  }

  #open() {
    this.list.replaceChildren(...this.#people.map(({ name, role }, place) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `${this.list.id}-${place}`, className: "people__one", role: "option" });
      const shown = document.createElement("bdi");
      shown.textContent = name;
      option.append(shown);
      if (role) {
        const note = document.createElement("span");
        note.className = "note";
        note.textContent = role;
        option.append(" ", note);
      }
      return option;
    }));
    this.list.hidden = false;
    this.#mark(0);
  }

  #close() {
    this.#stop(); // an answer that is on its way opens nothing again
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  #mark(place) {
    this.#place = (place + this.#people.length) % this.#people.length;
    [...this.list.children].forEach((option, here) => option.setAttribute("aria-selected", String(here === this.#place)));
    this.area.setAttribute("aria-activedescendant", this.list.children[this.#place].id);
    this.list.children[this.#place].scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const acts = {
      ArrowDown: () => this.#mark(this.#place + 1),
      ArrowUp: () => this.#mark(this.#place - 1),
      Enter: () => this.#pick(this.#place),
      Tab: () => this.#pick(this.#place),
      Escape: () => this.#close(),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  #pick(place) {
    const person = this.#people[place];
    const end = this.area.selectionStart;
    if (person) put(this.area, end - this.#typed().length, end, `${person.name} `);
    this.#close();
  }
}
