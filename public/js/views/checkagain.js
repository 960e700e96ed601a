/** Reads an account at once and says what came of it: after its key was mended on Binance. */

import { Unanswered } from "../api.js";
import { collectNow } from "../owner.js";
import { foreign } from "./dom.js";
import { toast } from "./toast.js";

const SAID = new Map([
  ["stored", "Binance accepts the key again."], ["fresh", "Binance accepts the key again."],
  ["partial", "Binance accepts the key, but not all could be read."], ["busy", "A run reads the account already."],
  ["deferred", "Binance is busy: the next run checks it."],
]);

/** @param {string} account */
export async function checkAgain(account) {
  try {
    const { accounts } = await collectNow(account);
    const found = accounts.find(({ id }) => id === account);
    const words = found ? SAID.get(found.status) : "Nothing was checked: a run reads the account already.";
    toast(words ? [words] : ["Still refused. ", foreign(found?.error ?? "")]);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    toast(["It could not be checked. ", foreign(error.failure.detail)]);
  }
}
