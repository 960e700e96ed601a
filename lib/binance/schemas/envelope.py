"""The wrapping of Pay, fiat and P2P answers: a code of digits beside the rows. Source: reference, D.5 and H.3."""

from typing import Annotated

from pydantic import Field

from lib.binance.schemas.row import Row, Text

FINE = "000000"


class Envelope[Kind](Row):
    """An answer in its wrapping. An empty one may lack `data` altogether."""

    code: Text
    message: str | None = None
    success: bool | None = None
    data: list[Kind] | None = None
    total: Annotated[int | None, Field(ge=0)] = None
