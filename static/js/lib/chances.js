// A forecast as a reader moves it: whole percents that always sum to 100. `domain/chances.py` does the same, step by step.
export const WHOLE = 100;
export const PRESS = 5; // percent by one press of plus or minus
export const LEANING = 55; // percent that a pick without words starts from

/** Share a whole number out in proportion to weights, evenly where there are none. @param {number[]} weights @param {number} total */
export function shared(weights, total) {
  const due = weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
  const of = due.reduce((sum, weight) => sum + weight, 0);
  const parts = due.map((weight) => Math.floor((total * weight) / of));
  const rests = due.map((weight) => (total * weight) % of);
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const ahead = due.map((_, place) => place).sort((one, other) => rests[other] - rests[one] || one - other);
  for (const place of ahead.slice(0, left)) parts[place] += 1;
  return parts;
}

/** @param {number} count */
export const even = (count) => shared(Array(count).fill(1), WHOLE);

/** One outcome has its percent, the others the same of the rest. @param {number} count @param {number} towards @param {number} [percent] */
export function leaning(count, towards, percent = LEANING) {
  const rest = shared(Array(count - 1).fill(1), WHOLE - percent);
  return [...rest.slice(0, towards), percent, ...rest.slice(towards)];
}

/** Give one outcome more or less; the others give or take in proportion. @param {number[]} chances @param {number} place @param {number} by */
export function moved(chances, place, by) {
  const now = Math.min(Math.max(chances[place] + by, 0), WHOLE);
  const rest = shared(chances.filter((_, other) => other !== place), WHOLE - now);
  return [...rest.slice(0, place), now, ...rest.slice(place)];
}

/** What half a distribution means: what is left is shared by those without a number. @param {(number | null)[]} typed */
export function completed(typed) {
  const left = WHOLE - typed.reduce((/** @type {number} */ sum, chance) => sum + (chance ?? 0), 0);
  const without = typed.filter((chance) => chance === null).length;
  if (left < 0 || without === 0) return shared(typed.map((chance) => chance ?? 0), WHOLE);
  const rest = shared(Array(without).fill(1), left);
  return typed.map((chance) => chance ?? rest.shift() ?? 0);
}
