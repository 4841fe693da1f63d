// What time it is. A reader's own clock can be hours off; what the server says with its answers is believed instead.
const WORTH = 30_000; // ms: below it, it is the way of the answer, or a cache's age
const CHANGED = "clock:changed";
let ahead = 0; // ms by which the device's clock is

/** The instant by the server's clock, in ms. */
export const now = () => Date.now() - ahead;

/** Learn from an answer that was made just now. @param {Response} answer */
export function learn(answer) {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return;
  const found = Math.abs(Date.now() - told) > WORTH ? Date.now() - told : 0;
  if (Math.abs(found - ahead) <= WORTH) return;
  ahead = found;
  document.dispatchEvent(new Event(CHANGED));
}

/** @param {() => void} act */
export function whenChanged(act) {
  document.addEventListener(CHANGED, act);
}
