// Texts not sent yet, kept in this browser under the name of whoever wrote them. A browser that refuses storage keeps none.
const PREFIX = "draft:";
const GUEST = "guest";
const LASTS = 30 * 86_400_000; // ms: what nobody came back to in a month is left behind
const MOST = 50; // more are not being written at once
const me = document.documentElement.dataset.reader ?? GUEST;

/** @template T @param {() => T} act @returns {T | null} */
function tried(act) {
  try { return act(); } catch { return null; }
}

/** @param {string} key @returns {{text: string, at: number}} */
function read(key) {
  const found = tried(() => JSON.parse(localStorage.getItem(key) ?? ""));
  return typeof found?.text === "string" ? found : { text: "", at: 0 };
}

/** @param {string} owner @param {string} [place] */
const keyOf = (owner, place = "") => `${PREFIX}${owner}:${place}`;

/** @param {string} start */
const keysFrom = (start) => tried(() => Object.keys(localStorage).filter((key) => key.startsWith(start))) ?? [];

/** @param {string} key */
const drop = (key) => tried(() => localStorage.removeItem(key));

/** @param {string} place @param {string} text */
export function keep(place, text) {
  const key = keyOf(me, place);
  if (text.trim()) tried(() => localStorage.setItem(key, JSON.stringify({ text, at: Date.now() })));
  else drop(key);
}

/** @param {string} place */
export const kept = (place) => read(keyOf(me, place)).text;

/** @param {string} place */
export const forget = (place) => drop(keyOf(me, place));

/** The places that begin like this and have a draft. @param {string} start */
export const places = (start) => keysFrom(keyOf(me, start)).map((key) => key.slice(keyOf(me).length));

/** What a guest began is theirs once they have signed in, below what they had begun themselves. */
function adopt() {
  for (const key of keysFrom(keyOf(GUEST))) {
    const place = keyOf(me, key.slice(keyOf(GUEST).length));
    const own = read(place), begun = read(key);
    const text = own.text.includes(begun.text) ? own.text : [own.text.trimEnd(), begun.text].filter(Boolean).join("\n\n");
    tried(() => {
      if (text) localStorage.setItem(place, JSON.stringify({ text, at: Math.max(own.at, begun.at) }));
      localStorage.removeItem(key); // not where there was no room for both
    });
  }
}

function tidy() {
  const newest = keysFrom(PREFIX).sort((one, other) => read(other).at - read(one).at);
  newest.filter((key, place) => place >= MOST || read(key).at < Date.now() - LASTS).forEach(drop);
}

if (me !== GUEST) adopt();
tidy();
document.addEventListener("submit", (event) => {
  if (event.target instanceof Element && event.target.matches("[data-forgets]")) keysFrom(keyOf(me)).forEach(drop);
});
