// <show-password data-show data-hide>: a button that shows what is typed into the password fields inside.
customElements.define("show-password", class extends HTMLElement {
  connectedCallback() {
    const inputs = [...this.querySelectorAll("input[type=password]")];
    if (inputs.length === 0) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button show-password";
    let shown = false;
    const show = (wanted) => {
      shown = wanted;
      for (const input of inputs) input.type = shown ? "text" : "password";
      button.textContent = shown ? this.dataset.hide : this.dataset.show;
    };
    button.addEventListener("click", () => show(!shown));
    inputs[0].form?.addEventListener("submit", () => show(false)); // so that browsers offer to keep it as a password
    show(false);
    this.append(button);
  }
});
