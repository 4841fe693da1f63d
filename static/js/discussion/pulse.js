// Listening to an article's pulse: often while things happen, seldom when it is quiet, not at all when nobody looks.
const OFTEN = 2_000; // ms
const SELDOM = 15_000;
const QUIET = 120_000; // after so long without a change the pauses begin to grow
const PATIENCE = 8_000; // for one answer
const LOST = 3; // failures in a row after which the reader is told

export class Pulse {
  #timer = 0;
  #asking = new AbortController();
  #failures = 0; // in a row
  #tries = 0; // failures since there was a reason to try at once
  #last = "";
  #changedAt = 0;

  /** @param {string} address @param {(pulse: any) => void} heard @param {(isLost: boolean) => void} lost */
  constructor(address, heard, lost) {
    Object.assign(this, { address, heard, lost });
  }

  /** @param {AbortSignal} signal ends it */
  start(signal) {
    document.addEventListener("visibilitychange", this.#wake, { signal });
    for (const name of ["online", "pageshow"]) addEventListener(name, this.#wake, { signal });
    signal.addEventListener("abort", () => this.#stop());
    this.#wake();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  #wake = () => {
    this.#stop();
    this.#changedAt = performance.now();
    this.#tries = 0;
    if (!document.hidden) this.#ask();
  };

  async #ask() {
    const asking = this.#asking = new AbortController();
    const impatience = setTimeout(() => asking.abort(), PATIENCE);
    const options = { signal: asking.signal, credentials: "omit" };
    const pulse = await fetch(this.address, options).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    clearTimeout(impatience);
    if (asking !== this.#asking || document.hidden) return; // somebody asks anew, or will
    this.#failures = pulse ? 0 : this.#failures + 1;
    this.#tries = pulse ? 0 : this.#tries + 1;
    this.lost(this.#failures >= LOST);
    if (pulse) this.#hear(pulse);
    this.#timer = setTimeout(() => this.#ask(), this.#pause());
  }

  #hear(pulse) {
    const text = JSON.stringify(pulse);
    if (text !== this.#last) this.#changedAt = performance.now();
    this.#last = text;
    this.heard(pulse);
  }

  /** A tenth more or less, so that many pages do not ask at once. */
  #pause() {
    const quiet = Math.max(0, performance.now() - this.#changedAt - QUIET);
    const pause = this.#tries ? OFTEN * 2 ** (Math.min(this.#tries, 4) - 1) : OFTEN + quiet / 10;
    return Math.min(pause, SELDOM) * (0.9 + Math.random() / 5);
  }
}
