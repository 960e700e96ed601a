/** A key as its owner types it, and as the API takes it. */

/** @typedef {{name: string, api_key: string, secret: string}} Typed */
/** @typedef {{field: string, words: string}} Wrong */

const LONGEST_NAME = 60;
const LONGEST_KEY = 200;
const LONGEST_SECRET = 4096;
const BEGIN = /^-----BEGIN [A-Z0-9 ]+-----/;
const END = /-----END [A-Z0-9 ]+-----$/;

/** @param {string} name @param {string[]} taken names of the other accounts @returns {Wrong|null} */
export function wrongName(name, taken) {
  const wanted = name.trim();
  const wrong = (/** @type {string} */ words) => ({ field: "name", words });
  if (wanted === "") return wrong("Give it a name, like Main.");
  if (Array.from(wanted).length > LONGEST_NAME) return wrong(`A name has at most ${LONGEST_NAME} characters.`);
  if (wanted.toLowerCase() === "all") return wrong("“All” means every account. Take another name.");
  return taken.includes(wanted) ? wrong("Another account has this name.") : null;
}

/**
 * @param {{api_key: string, secret: string}} typed
 * @returns {{wrong: Wrong|null, key: {api_key: string, secret: string}|null}}
 */
export function readKey({ api_key, secret }) {
  const wrong = (/** @type {string} */ field, /** @type {string} */ words) => ({ wrong: { field, words }, key: null });
  const [key, hidden] = [api_key.trim(), secret.trim()];
  if (key === "") return wrong("api_key", "Paste the API key.");
  if (key.startsWith("-----")) return wrong("api_key", "This is a private key. The API key is what Binance shows for it.");
  if (/\s/.test(key) || key.length > LONGEST_KEY) return wrong("api_key", "An API key is one word of 64 letters and digits.");
  if (hidden === "") return wrong("secret", "Paste the secret, or the private key.");
  if (hidden === key) return wrong("secret", "This is the API key again. The secret is another word.");
  if (BEGIN.test(hidden) && !END.test(hidden)) return wrong("secret", "The private key lacks its end: paste the whole block, from BEGIN to END.");
  if (hidden.length > LONGEST_SECRET) return wrong("secret", "This is too long for a secret or a private key.");
  if (!BEGIN.test(hidden) && /\s/.test(hidden)) return wrong("secret", "A secret is one word; a private key begins with -----BEGIN.");
  return { wrong: null, key: { api_key: key, secret: hidden } };
}
