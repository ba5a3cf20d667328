// Small choices of the reader, kept in this browser only; where storage is forbidden they last for the page.

/** @param {string} name @param {string} fallback @returns {string} */
export function kept(name, fallback) {
  try {
    return localStorage.getItem(`plainbill-${name}`) ?? fallback;
  } catch {
    return fallback;
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(`plainbill-${name}`, value);
  } catch {
    // Nothing to do: the choice holds until the page is left.
  }
}
