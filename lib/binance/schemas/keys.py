"""Shapes of what a key may do and whose it is. Source: reference, D.2 and D.3."""

from pydantic import ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from lib.binance.schemas.row import Row, Text


class Restrictions(Row):
    """The rights of a key; those beyond reading are kept under the exchange's own names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", frozen=True)

    enable_reading: bool
    ip_restrict: bool = False


class SpotAccount(Row):
    """Whose account it is."""

    uid: Text


class AccountInfo(Row):
    """Which products the account has opened; one that is not told of counts as opened."""

    is_margin_enabled: bool = True
    is_future_enabled: bool = True
    is_options_enabled: bool = True
    is_portfolio_margin_retail_enabled: bool = False


ACCOUNT_INFO = TypeAdapter(AccountInfo)
RESTRICTIONS = TypeAdapter(Restrictions)
SPOT_ACCOUNT = TypeAdapter(SpotAccount)
