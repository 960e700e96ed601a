"""Shapes of transfers between the accounts of one owner. Source: reference, D.5."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from lib.binance.schemas.row import InstantMs, Row, Size, Text

type Progress = Literal["PROCESS", "SUCCESS", "FAILURE"]


class OwnTransfer(Row):
    """A transfer as the sub-account sees it: `type` 1 came in, 2 went out."""

    tran_id: Text
    type: Literal[1, 2]
    asset: Text
    qty: Size
    status: Progress
    time: InstantMs
    counter_party: str | None = None


class SubAccount(Row):
    """A sub-account as its master lists it."""

    email: Text


class SubAccounts(Row):
    """The list of them."""

    sub_accounts: list[SubAccount]


class SpotTransfer(Row):
    """A transfer between spot wallets, as the master sees it."""

    tran_id: Text
    sender: Annotated[str, Field(alias="from", min_length=1)]
    receiver: Annotated[str, Field(alias="to", min_length=1)]
    asset: Text
    qty: Size
    status: Progress
    time: InstantMs


class UniversalTransfer(Row):
    """A transfer between any two wallets, as the master sees it."""

    tran_id: Text
    from_email: Text
    to_email: Text
    asset: Text
    amount: Size
    create_time_stamp: InstantMs
    status: Progress


class UniversalTransfers(Row):
    """A page of them."""

    result: list[UniversalTransfer]


class FuturesTransfer(Row):
    """A transfer between futures wallets, as the master sees it; only finished ones are listed."""

    tran_id: Text
    sender: Annotated[str, Field(alias="from", min_length=1)]
    receiver: Annotated[str, Field(alias="to", min_length=1)]
    asset: Text
    qty: Size
    time: InstantMs


class FuturesTransfers(Row):
    """A page of them."""

    transfers: list[FuturesTransfer]


OWN_TRANSFERS = TypeAdapter(list[OwnTransfer])
SUB_ACCOUNTS = TypeAdapter(SubAccounts)
SPOT_TRANSFERS = TypeAdapter(list[SpotTransfer])
UNIVERSAL_TRANSFERS = TypeAdapter(UniversalTransfers)
FUTURES_TRANSFERS = TypeAdapter(FuturesTransfers)
