// <comment-composer data-draft data-preview data-people>: tools, live preview, names, and drafts that are not lost.
// What is only needed by who writes is loaded when they begin to.
import { forget, keep, kept } from "../lib/drafts.js";
import { sendInPlace } from "../lib/sending.js";
import { meaning } from "../lib/shortcuts.js";

customElements.define("comment-composer", class extends HTMLElement {
  /** @type {HTMLTextAreaElement | null} */ #area = null;
  #preview = null;

  connectedCallback() {
    this.#area = this.querySelector("textarea");
    const form = this.closest("form");
    if (!this.#area || !form || this.hasAttribute("data-ready")) return;
    this.toggleAttribute("data-ready", true);
    const tools = this.querySelector(".composer__tools");
    if (tools) tools.hidden = false;
    this.querySelector("button[name=step]")?.setAttribute("aria-expanded", "false");
    this.#restore(this.#area);
    this.#area.addEventListener("input", () => keep(this.dataset.draft, this.#area.value));
    this.#area.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("focusin", () => this.#equip(tools).catch(() => null), { once: true });
    form.addEventListener("accepted", () => {
      forget(this.dataset.draft);
      this.#area.value = "";
    });
    sendInPlace(form);
  }

  /** @param {HTMLTextAreaElement} area */
  #restore(area) {
    const draft = kept(this.dataset.draft);
    if (!draft || draft === area.value) return;
    const quote = this.hasAttribute("data-quotes") && !draft.includes(area.value.trim()) ? area.value : "";
    area.value = quote ? `${draft.trimEnd()}\n\n${quote}` : draft;
    const note = document.createElement("p");
    note.className = "note composer__kept";
    note.setAttribute("role", "status");
    note.textContent = this.dataset.textKept;
    area.after(note);
    area.addEventListener("input", () => note.remove(), { once: true });
    const folded = this.closest("details.new-comment");
    if (folded) folded.open = true;
  }

  async #equip(tools) {
    if (tools) (await import("../lib/toolbar.js")).equip(tools);
    if (this.dataset.people) new (await import("../lib/mentions.js")).Mentions(this, this.#area);
  }

  #press(event) {
    const meant = meaning(event);
    if (!meant || (meant !== "send" && !this.querySelector(".composer__tools"))) return;
    event.preventDefault();
    if (meant === "send") this.closest("form").requestSubmit();
    else this.#format(meant);
  }

  #click(event) {
    const button = event.target.closest("button");
    if (button?.dataset.tool) this.#format(button.dataset.tool);
    if (button?.name !== "step") return;
    event.preventDefault();
    this.#show(button);
  }

  async #format(tool) {
    (await import("../lib/formatting.js")).format(this.#area, tool);
  }

  async #show(button) {
    const lib = await import("../lib/preview.js").catch(() => null);
    if (!lib) return;
    this.#preview ??= new lib.Preview(this, this.#area, button);
    this.#preview.toggle();
  }
});
