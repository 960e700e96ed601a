"""`lib.alert_ports.Notifier` over apprise, which knows some two hundred services by the scheme of an address.

The library takes a second to load: that is done when something is sent, and by nobody who only imports this module.
Neither an address nor a word of the library or of a service ever leaves: they may hold what lets one send there.
"""

import asyncio
import logging
import warnings
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from lib.alert_records import Delivery

if TYPE_CHECKING:
    from apprise import Apprise, AppriseAsset

_PATIENCE_S = 12.0  # for one service, retries included; a deployed function has its time limit
_SILENT = logging.CRITICAL + 1
_TELLTALE = ("apprise", "urllib3", "requests_oauthlib", "oauthlib")  # they write addresses into logs
_LOADING = Lock()  # the first look at an address loads every service there is
UNKNOWN = "not known"


class Services:
    """The services behind some addresses; nothing is opened before something is sent."""

    def __init__(self, addresses: Sequence[str], patience_s: float = _PATIENCE_S) -> None:
        self._addresses, self._patience_s = tuple(addresses), patience_s

    def __repr__(self) -> str:
        return f"Services({len(self._addresses)})"

    async def send(self, title: str, body: str) -> tuple[Delivery, ...]:
        """Send a message to every service at once."""
        sending = (self._send(place, address, title, body) for place, address in enumerate(self._addresses, 1))
        return tuple(await asyncio.gather(*sending))

    async def _send(self, place: int, address: str, title: str, body: str) -> Delivery:
        opened, service = await asyncio.to_thread(_open, address)
        if opened is None:
            return Delivery(place, service, delivered=False)
        try:
            taken = await asyncio.wait_for(asyncio.to_thread(_notify, opened, title, body), self._patience_s)
        except TimeoutError:
            taken = False
        return Delivery(place, service, taken)


def unknown(addresses: Sequence[str]) -> tuple[int, ...]:
    """Return the places, from 1 on, of the addresses that are no service's. Nothing is sent."""
    return tuple(place for place, address in enumerate(addresses, 1) if _open(address)[0] is None)


def _open(address: str) -> "tuple[Apprise | None, str]":
    """Return what sends to an address and what the service is called; None for one that is no service's."""
    for name in _TELLTALE:
        logging.getLogger(name).setLevel(_SILENT)
    import apprise

    try:
        with _LOADING, warnings.catch_warnings(action="ignore"):  # of what it imports; ours to change is none of it
            found = apprise.Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)
        if found is None or isinstance(found, list):
            return None, UNKNOWN
        opened = apprise.Apprise(asset=found.asset)
        return (opened, str(found.service_name)) if opened.add(found) else (None, UNKNOWN)
    except Exception:  # noqa: BLE001 - its words may repeat the address
        return None, UNKNOWN


def _notify(opened: "Apprise", title: str, body: str) -> bool:
    import apprise

    try:
        return bool(opened.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
    except Exception:  # noqa: BLE001 - its words may repeat the address
        return False


def _asset() -> "AppriseAsset":
    """Say who sends; nothing is kept on disk, and what is sent is taken as it is."""
    import apprise

    return apprise.AppriseAsset(
        app_id="Portfolio Monitor",
        app_desc="Binance Portfolio Monitor",
        app_url="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        allow_templates=False,
        service_timeout=_PATIENCE_S,
    )
