// <answer-rows>: adds and removes rows in place. Without it, "Add a row" asks the server, and an emptied row is dropped.
customElements.define("answer-rows", class extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("ol");
    const add = this.querySelector("button[name=step]");
    if (!list || !(add instanceof HTMLButtonElement)) return;
    for (const row of list.children) this.#complete(row);
    add.addEventListener("click", (event) => {
      event.preventDefault();
      this.#add(list, add);
    });
    this.#renumber(list, add);
  }

  /** @param {Element} list @param {HTMLButtonElement} add */
  #add(list, add) {
    const row = list.lastElementChild?.cloneNode(true);
    if (!(row instanceof Element)) return;
    row.querySelector("button")?.remove();
    const input = row.querySelector("input");
    if (input) input.value = "";
    list.append(row);
    this.#complete(row);
    this.#renumber(list, add);
    input?.focus();
  }

  /** @param {Element} row */
  #complete(row) {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "answers__remove";
    remove.textContent = "×";
    remove.addEventListener("click", () => this.#remove(row));
    row.append(remove);
  }

  /** The last two rows are emptied, not removed: a question has two answers at least. @param {Element} row */
  #remove(row) {
    const list = row.parentElement;
    const add = this.querySelector("button[name=step]");
    const near = row.nextElementSibling ?? row.previousElementSibling ?? row;
    const input = row.querySelector("input");
    if (!list || !(add instanceof HTMLButtonElement)) return;
    if (list.children.length > 2) row.remove();
    else if (input) input.value = "";
    this.#renumber(list, add);
    this.dispatchEvent(new Event("input", { bubbles: true }));
    (row.isConnected ? input : near.querySelector("input"))?.focus();
  }

  /** @param {Element} list @param {HTMLButtonElement} add */
  #renumber(list, add) {
    const { most = "16", label = "", side = "", remove = "" } = this.dataset;
    [...list.children].forEach((row, place) => {
      const named = (/** @type {string} */ selector, /** @type {string} */ words) =>
        row.querySelector(selector)?.setAttribute("aria-label", words.replace("#", String(place + 1)));
      named("input", label);
      named("select", side);
      named("button", remove);
    });
    const line = add.parentElement;
    if (line) line.hidden = list.children.length >= Number(most);
  }
});
