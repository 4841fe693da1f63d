// <chance-fields>: shows the running sum of the chances. The server checks it in any case.
customElements.define("chance-fields", class extends HTMLElement {
  connectedCallback() {
    const inputs = [...this.querySelectorAll("input")];
    const fields = this.querySelector("fieldset");
    if (!fields || inputs.length === 0) return;
    const sum = document.createElement("p");
    sum.className = "chances__sum num";
    sum.setAttribute("role", "status");
    fields.append(sum);
    const show = () => {
      const total = inputs.reduce((sofar, input) => sofar + (Number.parseInt(input.value, 10) || 0), 0);
      sum.textContent = inputs.some((input) => input.value.trim()) ? `${total} / 100 %` : "";
    };
    this.addEventListener("input", show);
    show();
  }
});
