"""Bodies of writes become values here; what is unknown or wrong is refused by name."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from lib.domain.requests import FlowChange, FlowEntry
from lib.errors import InvalidInput
from lib.web import params

_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Flow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    account: Annotated[str, Field(min_length=1, max_length=64)]
    action: Literal["add", "void", "correct", "internal"]
    reason: _Text
    flow: _Text | None = None
    at: AwareDatetime | None = None
    asset: Annotated[str, Field(pattern="^[A-Z0-9]{1,20}$")] = "USD"
    quantity: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=38)] | None = None


class _LogIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    password: Annotated[str, Field(min_length=1, max_length=1000)]


def password(request: Request) -> str:
    """Parse the password that is tried. Raises: InvalidInput."""
    params.none(request.query_params)
    return _parsed(request, _LogIn).password


def flow_change(request: Request) -> FlowChange:
    """Parse what is wanted of the ledger. Raises: InvalidInput."""
    params.none(request.query_params)
    found = _parsed(request, _Flow)
    has_entry = found.at is not None and found.quantity is not None
    if found.action in ("add", "correct") and not has_entry:
        raise InvalidInput("quantity" if found.at else "at", f"is needed to {found.action} a flow")
    if found.action != "add" and found.flow is None:
        raise InvalidInput("flow", f"is needed: the id of the entry to {found.action}")
    entry = None
    if found.at is not None and found.quantity is not None:
        entry = FlowEntry(_utc(found.at), found.quantity, found.asset, found.reason)
    return FlowChange(found.account, found.action, found.reason, found.flow, entry)


def _parsed[M: BaseModel](request: Request, model: type[M]) -> M:
    """Read a JSON body; a form is refused, for another site's page could send one."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidInput("content-type", "must be application/json")
    try:
        return model.model_validate_json(request.state.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidInput(".".join(map(str, first["loc"])) or "body", first["msg"].lower()) from None


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
