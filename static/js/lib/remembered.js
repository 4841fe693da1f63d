// Small things kept in this browser, a list a subject: [[thing, value], …], the one touched last at the end.
const MOST = 100; // things a list keeps: articles somebody still reads

/** @param {string} subject @param {Storage} store */
function all(subject, store) {
  try { return new Map(JSON.parse(store.getItem(subject) ?? "[]")); } catch { return new Map(); }
}

/** A browser that refuses storage remembers nothing. @param {string} subject @param {string} thing */
export function recalled(subject, thing, store = localStorageHere()) {
  return store ? all(subject, store).get(thing) : undefined;
}

/** @param {string} subject @param {string} thing @param {any} value */
export function remember(subject, thing, value, store = localStorageHere()) {
  if (!store) return;
  const list = all(subject, store);
  list.delete(thing);
  list.set(thing, value);
  try { store.setItem(subject, JSON.stringify([...list].slice(-MOST))); } catch { return; }
}

function localStorageHere() {
  try { return localStorage; } catch { return null; }
}

/** The storage that ends with the tab. */
export function sessionStorageHere() {
  try { return sessionStorage; } catch { return null; }
}
