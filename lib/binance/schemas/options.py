"""Shapes of the options account. Source: reference, D.11."""

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, Row, Text


class OptionAsset(Row):
    """One asset: its margin balance and the worth of what is open."""

    asset: Text
    equity: Amount


class OptionsAccount(Row):
    """The account; the list of assets is called `asset`."""

    asset: list[OptionAsset]


ACCOUNT = TypeAdapter(OptionsAccount)
