"""What a coin is worth in USD, through the markets that are listed. 1 USDT is 1 USD."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.money import ONE, exact
from lib.domain.portfolio import Holding, PricedHolding
from lib.domain.prices import USD, PricePoint

type Book = Mapping[str, Decimal]  # last price of every trading symbol: {"BTCUSDT": …}

# These count 1 USD before any look-up: credits and yield coins of the futures wallet have no market of their own.
_PEGGED = frozenset({USD, "USDT", "BNFCR", "BFUSD", "RWUSD"})
_DOLLARS = ("USDC", "FDUSD", "USD1", "TUSD")
_CROSSES = ("BTC", "ETH", "BNB")
MIRROR = "LD"  # LDBTC in spot mirrors BTC in flexible Earn


@dataclass(frozen=True, slots=True)
class Leg:
    """One market on the way from a coin to USD; an inverse one is divided by."""

    symbol: str
    inverse: bool = False


def route(asset: str, listed: Container[str]) -> tuple[Leg, ...] | None:
    """Find the markets whose prices multiply to USD per `asset`; () is 1 USD, None is no way.

    Source: reference, E.2, in its order.
    """
    return next(ways(asset, listed), None)


def ways(asset: str, listed: Container[str]) -> Iterator[tuple[Leg, ...]]:
    """Yield every way from `asset` to USD, the one to be taken first. Source: as `route`."""
    yield from _markets(asset, listed)
    if is_earn_receipt(asset, listed):
        yield from _markets(asset.removeprefix(MIRROR), listed)


def is_earn_receipt(asset: str, listed: Container[str]) -> bool:
    """Tell whether `asset` is the mirror of a flexible Earn holding (LDBTC) and not a coin of its own (LDO)."""
    coin = asset.removeprefix(MIRROR)
    return coin not in ("", asset) and _market(asset, listed) is None and _market(coin, listed) is not None


def _market(asset: str, listed: Container[str]) -> tuple[Leg, ...] | None:
    return next(_markets(asset, listed), None)


def _markets(asset: str, listed: Container[str]) -> Iterator[tuple[Leg, ...]]:
    if asset in _PEGGED:
        yield ()
        return
    if asset + "USDT" in listed:
        yield (Leg(asset + "USDT"),)
    for dollar in _DOLLARS:
        if asset + dollar in listed and dollar + "USDT" in listed:
            yield (Leg(asset + dollar), Leg(dollar + "USDT"))
    if "USDT" + asset in listed:
        yield (Leg("USDT" + asset, inverse=True),)
    for cross in _CROSSES:
        if asset + cross in listed and cross + "USDT" in listed:
            yield (Leg(asset + cross), Leg(cross + "USDT"))
    if "BTC" + asset in listed and "BTCUSDT" in listed:
        yield (Leg("BTCUSDT"), Leg("BTC" + asset, inverse=True))


@exact
def along(legs: tuple[Leg, ...], prices: Mapping[str, Decimal]) -> Decimal:
    """Multiply the prices of `legs` into USD per coin."""
    usd = ONE
    for leg in legs:
        usd = usd / prices[leg.symbol] if leg.inverse else usd * prices[leg.symbol]
    return usd


def spot_price(asset: str, book: Book) -> Decimal | None:
    """Return USD per coin from the exchange's price list, None where no market leads to USD."""
    legs = route(asset, book)
    return None if legs is None else along(legs, book)


def price_holding(holding: Holding, at: datetime, book: Book, last: Mapping[str, PricePoint]) -> PricedHolding:
    """Price a holding from the list; without a market at its last known price, with that price's age.

    Source: product, 4.1 (an asset never priced counts 0 and is listed as unpriced).
    """
    price = spot_price(holding.asset, book)
    if price is not None:
        return PricedHolding(holding, price, at)
    known = last.get(holding.asset)
    return PricedHolding(holding, known.usd, known.at) if known else PricedHolding(holding, None, None)
