/** Style sheets that are fetched when they are needed, each until it is there. */

/** @type {Map<string, Promise<unknown>>} */
const asked = new Map();

/**
 * @param {string} name
 * @returns {Promise<unknown>} settled when it is there, or is not to be had: what it styles can be read all the same
 */
export function styles(name) {
  const found = asked.get(name) ?? new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.addEventListener("load", done);
    link.addEventListener("error", () => {
      asked.delete(name);
      link.remove();
      done(null);
    });
    link.href = `/css/${name}.css`;
    document.head.append(link);
  });
  asked.set(name, found);
  return found;
}
