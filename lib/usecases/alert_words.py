"""The words of messages to people."""

from collections.abc import Iterable, Sequence

from lib.alert_records import Delivery, Message, Notice, WatchedAccount
from lib.domain import alerts
from lib.domain.alerts import Change

TITLES = {
    alerts.BEHIND: "behind its benchmark",
    alerts.DRAWDOWN: "far below its highest point",
    alerts.STALE: "no new snapshot",
    alerts.PARTIAL: "snapshots lack a part",
    alerts.NEEDS_ATTENTION: "needs your attention",
    alerts.KEY_RISKY: "its key may do too much",
    alerts.JUMP: "a change of value that nothing explains",
}
TEST = ("Portfolio Monitor: a test", "Alerts of your Portfolio Monitor arrive here.")


def notice(account: WatchedAccount, change: Change) -> Notice:
    """Say that an episode began, or that it is over."""
    episode, what = change.episode, TITLES[change.episode.kind]
    title = f"{account.name}: {what}" if change.begins else f"{account.name}: over: {what}"
    began = "" if change.begins else f" It began on {episode.since.day} {episode.since:%b %Y at %H:%M} UTC."
    return Notice(
        account=account.id,
        change="begin" if change.begins else "end",
        at=episode.since,
        title=None if change.told is None else title,
        body="" if change.told is None else f"{change.told}{began}",
        kind=episode.kind,
        subject=episode.subject,
        detail=episode.detail,
    )


def together(messages: Sequence[Message]) -> tuple[str, str]:
    """Return title and body of all messages as one."""
    if len(messages) == 1:
        return messages[0].title, messages[0].body
    title = f"Portfolio Monitor: {len(messages)} messages"
    return title, "\n\n".join(f"{one.title}\n{one.body}" for one in messages)


def services(deliveries: Iterable[Delivery]) -> str:
    """Name services by their place in ALERT_URLS and their kind: their addresses are secret."""
    return ", ".join(f"number {one.place} ({one.service})" for one in deliveries)
