"""Shapes of the margin accounts. Source: reference, D.7."""

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, Row, Text


class NetAsset(Row):
    """One asset with its debt and interest subtracted."""

    asset: Text
    net_asset: Amount


class Cross(Row):
    """The cross margin account, zeros included."""

    user_assets: list[NetAsset]


class Pair(Row):
    """One isolated pair."""

    base_asset: NetAsset
    quote_asset: NetAsset


class Isolated(Row):
    """All isolated pairs."""

    assets: list[Pair]


CROSS = TypeAdapter(Cross)
ISOLATED = TypeAdapter(Isolated)
