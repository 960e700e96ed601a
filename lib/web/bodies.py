"""Bodies of writes become values here; what is unknown or wrong is refused by name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from lib.domain import alert_limits
from lib.domain.requests import AccountChange, AccountEntry, FlowChange, FlowEntry, KeyPair
from lib.errors import InvalidInput
from lib.web import params

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)  # most calls only read
_Text = Annotated[str, Field(min_length=1, max_length=200)]


_Id = Annotated[str, Field(min_length=1, max_length=64)]
_KeyText = Annotated[str, Field(min_length=1, max_length=200, repr=False)]
_Number = Annotated[str | int | float, Field(union_mode="left_to_right")]
_ENTRY = frozenset({"at", "asset", "quantity"})
_IDLE = {"add": frozenset({"flow"}), "correct": frozenset[str](), "void": _ENTRY, "internal": _ENTRY}
_RULES = {
    "band": {"band"},
    "day": {"every", "hour"},
    "week": {"every", "weekday", "hour"},
    "month": {"every", "day", "hour"},
}
_LONGEST_PLACE = 64
_TOLD = {  # what pydantic says of these is of a program's own words, not of a caller's
    "missing": "is needed",
    "extra_forbidden": "is not known here",
    "string_pattern_mismatch": "must be a coin's name in capital letters and digits, like BTC",
    "timezone_aware": "must name its zone: 2026-01-31T12:00:00Z",
}


class FlowBody(BaseModel):
    """What is wanted of the ledger."""

    model_config = _STRICT

    account: _Id
    action: Literal["add", "void", "correct", "internal"]
    reason: _Text
    flow: _Text | None = None
    at: AwareDatetime | None = None
    asset: Annotated[str, Field(pattern="^[A-Z0-9]{1,20}$")] = "USD"
    quantity: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=38)] | None = None


class LogInBody(BaseModel):
    """The password of the owner."""

    model_config = _STRICT

    password: Annotated[str, Field(min_length=1, max_length=1000)]


class PolicyBody(BaseModel):
    """The parts of a policy, as the domain reads them in words: it knows what they may be."""

    model_config = _STRICT

    weights: dict[Annotated[str, Field(pattern="^[A-Z0-9]{1,20}$")], _Number] | None = None
    deposits: str | None = None
    withdrawals: str | None = None
    rebalance: dict[str, str | int | float] | None = None
    cost_bp: _Number | None = None
    risk_free: _Number | None = None


class KeyBody(BaseModel):
    """A key of the exchange with its secret."""

    model_config = _STRICT

    api_key: _KeyText
    secret: Annotated[str, Field(min_length=1, max_length=4096, repr=False)]  # an Ed25519 or RSA key has lines

    def pair(self) -> KeyPair:
        return KeyPair(self.api_key.strip(), self.secret.strip())


class AccountBody(KeyBody):
    """An account to be added."""

    name: _Text


class AlertsBody(BaseModel):
    """What an owner wants to be told of: ratios (0.05 is 5 %) or null for none, and how often a digest is sent."""

    model_config = _STRICT

    behind: _Number | None = None
    drawdown: _Number | None = None
    digest: Literal["off", "daily", "weekly"] = "off"


class ChangeBody(BaseModel):
    """One thing that changes of an account: name, key, policy, state or alerts."""

    model_config = _STRICT

    account: _Id
    name: _Text | None = None
    key: KeyBody | None = None
    policy: PolicyBody | None = None
    state: Literal["active", "paused"] | None = None
    alerts: AlertsBody | None = None


class ShareBody(BaseModel):
    """The account, or all, that a link shows."""

    model_config = _STRICT

    account: _Id


def share(request: Request) -> str:
    """Parse which account, or all, a link is to show. Raises: InvalidInput."""
    params.none(request.query_params)
    return parsed(request, ShareBody).account


def account_entry(request: Request) -> AccountEntry:
    """Parse an account to be added. Raises: InvalidInput."""
    params.none(request.query_params)
    found = parsed(request, AccountBody)
    return AccountEntry(found.name, found.pair())


def account_change(request: Request) -> AccountChange:
    """Parse what is to change of an account, one thing a call: a call is done whole or not at all.

    Raises: InvalidInput.
    """
    params.none(request.query_params)
    found = parsed(request, ChangeBody)
    given = found.model_fields_set - {"account"}
    if len(given) != 1 or getattr(found, *given) is None:
        raise InvalidInput("body", "must have account and one of name, key, policy, state, alerts")
    if found.policy and not found.policy.model_fields_set:
        raise InvalidInput("policy", f"must have one of {', '.join(PolicyBody.model_fields)}")
    policy = found.policy.model_dump(exclude_unset=True) if found.policy else None
    if found.policy and found.policy.rebalance:
        _check_rule(found.policy.rebalance)
    alerts = alert_limits.changed(found.alerts.model_dump(exclude_unset=True)) if found.alerts else None
    key = found.key.pair() if found.key else None
    return AccountChange(found.account, found.name, key, policy, found.state, alerts)


def password(request: Request) -> str:
    """Parse the password that is tried. Raises: InvalidInput."""
    params.none(request.query_params)
    return parsed(request, LogInBody).password


def flow_change(request: Request) -> FlowChange:
    """Parse what is wanted of the ledger. Raises: InvalidInput."""
    params.none(request.query_params)
    found = parsed(request, FlowBody)
    has_entry = found.at is not None and found.quantity is not None
    if found.action in ("add", "correct") and not has_entry:
        raise InvalidInput("quantity" if found.at else "at", f"is needed to {found.action} a flow")
    if found.action != "add" and found.flow is None:
        raise InvalidInput("flow", f"is needed: the id of the entry to {found.action}")
    if idle := sorted(found.model_dump(exclude_unset=True, exclude_none=True).keys() & _IDLE[found.action]):
        raise InvalidInput(idle[0], f"is of no use to {found.action} a flow: leave it out")
    entry = None
    if found.at is not None and found.quantity is not None:
        entry = FlowEntry(_utc(found.at), found.quantity, found.asset, found.reason)
    return FlowChange(found.account, found.action, found.reason, found.flow, entry)


def parsed[M: BaseModel](request: Request, model: type[M]) -> M:
    """Read a JSON body; a form is refused, for another site's page could send one."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidInput("content-type", "must be application/json")
    try:
        return model.model_validate_json(request.state.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        told = _TOLD.get(first["type"], first["msg"][:1].lower() + first["msg"][1:])
        raise InvalidInput(place[:_LONGEST_PLACE] or "body", told) from None


def _check_rule(words: Mapping[str, object]) -> None:
    """Refuse the part of a rebalance rule that its kind does not have: it would count for nothing."""
    kind = "band" if "band" in words else str(words.get("every", "week"))
    if idle := sorted(words.keys() - _RULES.get(kind, words.keys())):
        raise InvalidInput(f"rebalance.{idle[0]}"[:_LONGEST_PLACE], f"is no part of a {kind} rule")


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
