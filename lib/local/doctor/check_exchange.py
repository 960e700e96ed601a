"""Whether Binance answers this machine, host by host, and takes each account's key."""

from collections.abc import Iterator
from datetime import timedelta

from lib.binance.errors import ClockSkewed, KeyRefused
from lib.errors import MonitorError
from lib.local.doctor.facts import ExchangeFacts, HostFacts, KeyFacts
from lib.local.doctor.finding import Finding, ok, problem, warning
from lib.usecases.keycheck import KeyTooPowerful, refuse

_EXCHANGE, _KEYS, _CLOCK = "exchange", "keys", "clock"
_DRIFT, _HARMFUL = timedelta(seconds=1), timedelta(seconds=60)
_EVERYWHERE = {
    "location_refused": "run it in another region (on Vercel: regions in vercel.json), or set BINANCE_PROXY_URL to a "
    "proxy that is elsewhere",
    "banned": "wait; runs go on by themselves. If it comes back, something else behind this address asks too much",
    "firewalled": "wait five minutes; if it stays, use another address (BINANCE_PROXY_URL)",
    "proxy_refused": "correct name and password in BINANCE_PROXY_URL, or what the proxy lets through",
    "malformed_answer": "see that the address is Binance's: something else answers there",
    "rate_limited": "wait a minute; something else behind this address asks much",
}
_NO_NETWORK = "see to this machine's network, or correct BINANCE_{}_URL"
_NO_PROXY = "see that the proxy of BINANCE_PROXY_URL is running and reaches the network, or correct its address"
_LATER = "try again in a while; the answer is Binance's own"
_KEY_REMEDIES = {
    -2015: "on Binance, add this machine's address to the key's list, or lift the restriction, and see that Enable "
    "Reading is on; where addresses change, BINANCE_PROXY_URL gives all runs the proxy's",
    -2008: "make a new key on Binance and add the account with it: this one was deleted",
    -2014: "add the account anew with the whole API key",
    -1022: "add the account anew with the secret, or the private key, that belongs to this API key",
    -1021: "set this machine's clock by network time (NTP)",
}
_NEW_KEY = "make a key on Binance that may only read, and add the account with it"
_FUTURES = (
    "make a new key: one made before the wallet was opened never reads it. If that does not help, switch on Enable "
    "Futures for it and set ALLOW_RISKY_KEYS to true"
)


def check(facts: ExchangeFacts) -> tuple[Finding, ...]:
    """Check the hosts, the clock, then the keys."""
    hosts = [_host(facts, host) for host in facts.hosts]
    keys = [finding for key in facts.keys for finding in _key(facts, key)]
    return (*hosts, *_clock(facts), *keys)


def _host(facts: ExchangeFacts, host: HostFacts) -> Finding:
    if host.error is None:
        if facts.imitated:
            return ok(_EXCHANGE, f"the imitation of {host.address} answers")
        way = " through the proxy" if facts.by_proxy else ""
        return ok(_EXCHANGE, f"{host.address} answers this machine{way}")
    return problem(_EXCHANGE, f"{host.address}: {host.error}", _remedy(facts, host.error, host.name))


def _remedy(facts: ExchangeFacts, error: MonitorError, host: str = "API") -> str:
    if error.code == "unreachable":
        return _NO_PROXY if facts.by_proxy else _NO_NETWORK.format(host.upper())
    return _EVERYWHERE.get(error.code, _LATER)


def _clock(facts: ExchangeFacts) -> Iterator[Finding]:
    """Take the host that differs least: the way of an answer looks like drift."""
    told = [host.ahead for host in facts.hosts if host.ahead is not None]
    if not told:
        return
    ahead = min(told, key=abs)
    seconds = abs(ahead.total_seconds())
    if abs(ahead) < _DRIFT:
        yield ok(_CLOCK, "this machine's clock is the exchange's")
        return
    message = (
        f"this machine's clock is {seconds:.0f} s {'behind' if ahead > timedelta() else 'ahead of'} the exchange's"
    )
    remedy = "set it by network time (NTP); calls are signed with the exchange's time meanwhile, but slots shift"
    yield (problem if abs(ahead) >= _HARMFUL else warning)(_CLOCK, message, remedy)


def _key(facts: ExchangeFacts, key: KeyFacts) -> Iterator[Finding]:
    if key.error is not None:
        yield problem(_KEYS, f"{key.name}: {key.error}", _key_remedy(facts, key.error))
        return
    found = [*_rights(facts, key), *(_unread(facts, key, wallet, error) for wallet, error in key.unreadable)]
    if not found:
        bound = "bound to addresses" if key.bound_to_addresses else "usable from any address"
        found = [ok(_KEYS, f"{key.name}: reads every wallet, {bound}")]
    yield from found


def _key_remedy(facts: ExchangeFacts, error: MonitorError) -> str:
    if isinstance(error, KeyRefused | ClockSkewed):
        return _KEY_REMEDIES.get(error.reason or 0, _NEW_KEY)
    return _remedy(facts, error)


def _rights(facts: ExchangeFacts, key: KeyFacts) -> Iterator[Finding]:
    try:
        refuse(key.risky, allow_trading=facts.allow_trading)
    except KeyTooPowerful as error:
        yield problem(_KEYS, f"{key.name}: {error}", "switch them off on Binance; the account heals by itself")
        return
    if key.risky:
        told = f"{key.name}: the key may also trade ({', '.join(key.risky)}), which ALLOW_RISKY_KEYS lets pass"
        yield warning(_KEYS, told, _NEW_KEY)
    if not key.may_read:
        yield problem(_KEYS, f"{key.name}: the key may not read", "switch on Enable Reading on Binance")


def _unread(facts: ExchangeFacts, key: KeyFacts, wallet: str, error: MonitorError) -> Finding:
    remedy = _FUTURES if error.code == "key_refused" else _remedy(facts, error)
    return problem(_KEYS, f"{key.name}, wallet {wallet}: {error}", remedy)
