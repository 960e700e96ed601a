/** The form of what an account's owner is told of by message: limits, and how often all is summed up. */

import { DIGESTS, readAlerts, typed } from "../alertsform.js";
import { changeAccount } from "../owner.js";
import { foreign, h } from "./dom.js";
import { field, form, input, select } from "./form.js";
import { toast } from "./toast.js";

/** @typedef {import("./settings.js").House} House */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("../types.js").Account} Account */

/** @param {House} house @param {Account} account @returns {Page} */
export function alertsPage(house, account) {
  const before = typed(account.alerts);
  const limit = (/** @type {string} */ value) => input({ inputmode: "decimal", maxlength: "12", value });
  const behind = field("behind", "Behind the benchmark by more than", limit(before.behind), "percent; empty for no such message");
  const drawdown = field("drawdown", "Below its highest point by more than", limit(before.drawdown), "percent; empty for no such message");
  const digest = field("digest", "A summary", select(DIGESTS, before.digest));
  const value = (/** @type {import("./form.js").Field} */ { control }) => /** @type {HTMLInputElement} */ (control).value;
  const now = () => ({ behind: value(behind), drawdown: value(drawdown), digest: /** @type {typeof before.digest} */ (value(digest)) });
  return {
    title: "Messages", isTyped: () => JSON.stringify(now()) !== JSON.stringify(before),
    build: (pages) => [
      h("p", { class: "prose" }, "What ", foreign(account.name), " tells of by message. A refused key, hours without a snapshot and money that nothing explains are told of in any case, once when it begins and once when it is over."),
      form([behind, drawdown, digest], [
        behind.row, drawdown.row, digest.row,
        h("p", { class: "small" }, "Where messages go is a setting of this installation, ALERT_URLS. Without it none is sent."),
      ], {
        yes: "Save", async send() {
          const { wrong, change } = readAlerts(now(), before);
          if (wrong || !change) return wrong;
          if (Object.keys(change).length > 0) {
            await changeAccount(account.id, { alerts: change });
            house.deeds.refresh();
            toast(["The messages of ", foreign(account.name), " are as you wish."]);
          }
          pages.back();
          return null;
        },
      }),
    ],
  };
}
