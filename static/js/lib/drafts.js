// Texts not sent yet, kept in this browser. A browser that refuses storage simply keeps none.

/** @param {() => any} act */
function tried(act) {
  try { return act(); } catch { return null; }
}

/** @param {string} name @param {string} text */
export function keep(name, text) {
  tried(() => (text ? localStorage.setItem(`draft:${name}`, text) : localStorage.removeItem(`draft:${name}`)));
}

/** @param {string} name @returns {string} */
export function kept(name) {
  return tried(() => localStorage.getItem(`draft:${name}`)) ?? "";
}

/** @param {string} name */
export function forget(name) {
  tried(() => localStorage.removeItem(`draft:${name}`));
}
