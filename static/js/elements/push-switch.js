// <push-switch data-key data-mine data-worker data-begin data-end data-text-*>: lets this browser show messages, or no more.
const isSupported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** @param {string} key base64url */
function bytesOf(key) {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

customElements.define("push-switch", class extends HTMLElement {
  #button = document.createElement("button");
  #state = document.createElement("p");

  async connectedCallback() {
    this.#state.setAttribute("role", "status");
    this.replaceChildren(this.#state);
    if (!isSupported) {
      this.#say("unsupported");
      return;
    }
    this.#button.type = "button";
    this.#button.className = "button";
    this.#button.addEventListener("click", () => this.#change());
    this.append(this.#button);
    const worker = await navigator.serviceWorker.getRegistration("/");
    this.#show(await this.#isMine(await worker?.pushManager.getSubscription()));
  }

  /** Whether what is shown here is this reader's: whoever was signed in before may have asked for messages too.
   * @param {PushSubscription | null | undefined} subscription */
  async #isMine(subscription) {
    if (!subscription) return false;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return (this.dataset.mine ?? "").split(" ").includes(hex);
  }

  /** @param {boolean} isOn */
  #show(isOn) {
    this.#say(isOn ? "on" : "off");
    this.#button.textContent = this.dataset[isOn ? "textEnd" : "textBegin"] ?? "";
    this.toggleAttribute("data-on", isOn);
  }

  /** @param {string} what */
  #say(what) {
    this.#state.textContent = this.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`] ?? "";
  }

  async #change() {
    if (this.#button.getAttribute("aria-disabled")) return;
    this.#button.setAttribute("aria-disabled", "true");
    try {
      await (this.hasAttribute("data-on") ? this.#end() : this.#begin());
    } catch {
      this.#say(Notification.permission === "denied" ? "denied" : "failed");
    }
    this.#button.removeAttribute("aria-disabled");
  }

  async #begin() {
    if (await Notification.requestPermission() !== "granted") throw new Error("denied");
    await navigator.serviceWorker.register(this.dataset.worker ?? "", { scope: "/" });
    const worker = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytesOf(this.dataset.key ?? "") };
    const subscription = await worker.pushManager.subscribe(options);
    const { endpoint, keys } = subscription.toJSON();
    await this.#send(this.dataset.begin, { endpoint, ...keys }).catch(async (error) => {
      await subscription.unsubscribe();
      throw error;
    });
    this.#show(true);
  }

  async #end() {
    const worker = await navigator.serviceWorker.getRegistration("/");
    const subscription = await worker?.pushManager.getSubscription();
    if (subscription) {
      await this.#send(this.dataset.end, { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    this.#show(false);
  }

  async #send(path, fields) {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
    if (!answer.ok) throw new Error(String(answer.status));
  }
});
