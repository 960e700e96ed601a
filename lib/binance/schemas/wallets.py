"""Shapes of the wallets: totals, spot and funding assets. Source: reference, D.2, D.3 and D.5."""

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, Row, Text


class WalletTotal(Row):
    """What one wallet is worth in the asked coin."""

    wallet_name: Text
    balance: Amount


class AssetRow(Row):
    """One asset of the spot or the funding wallet. All four parts belong to the account."""

    asset: Text
    free: Amount
    locked: Amount
    freeze: Amount
    withdrawing: Amount


WALLET_TOTALS = TypeAdapter(list[WalletTotal])
ASSET_ROWS = TypeAdapter(list[AssetRow])
