"""Shapes of the daily account snapshots. Source: reference, D.3; the exchange's own pages for what is in `data`."""

from typing import Literal

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, InstantMs, Row, Text


class SpotBalance(Row):
    """One asset of the spot wallet."""

    asset: Text
    free: Amount
    locked: Amount


class MarginBalance(Row):
    """One asset of the cross margin wallet, debt and interest subtracted."""

    asset: Text
    net_asset: Amount


class FuturesBalance(Row):
    """One asset of the USD-M wallet, open profit inside."""

    asset: Text
    margin_balance: Amount


class SpotData(Row):
    """The spot wallet."""

    balances: list[SpotBalance]


class MarginData(Row):
    """The cross margin wallet."""

    user_assets: list[MarginBalance]


class FuturesData(Row):
    """The USD-M wallet."""

    assets: list[FuturesBalance]


class Day[Data](Row):
    """One day of one wallet."""

    update_time: InstantMs
    data: Data


class Days[Data](Row):
    """The answer; a `code` of its own says whether it is one."""

    code: Literal[200]
    snapshot_vos: list[Day[Data]]


SPOT_DAYS = TypeAdapter(Days[SpotData])
MARGIN_DAYS = TypeAdapter(Days[MarginData])
FUTURES_DAYS = TypeAdapter(Days[FuturesData])
