"""The calls of the API: who may make them, with what, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from lib.domain.requests import DEFAULT_LOGS, DEFAULT_POINTS, LEVELS, RANGES
from lib.web import bodies
from lib.web.description.shapes import TIME, Shape, one_of

NOBODY, SCHEDULER, VIEWER, OWNER, LINK = "nobody", "scheduler", "viewer", "session", "link"
_FLAG = one_of("true", "false")
_TEXT: Shape = {"type": "string", "minLength": 1, "maxLength": 200}
_ID: Shape = {"type": "string", "minLength": 1, "maxLength": 64}
_CURSOR: Shape = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the query string."""

    name: str
    shape: Shape
    what: str
    needed: bool = False
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address. `doors` are those it opens for; `answer` is a shape's name."""

    method: str
    name: str
    what: str
    doors: tuple[str, ...]
    answer: str
    params: Sequence[Param] = ()
    body: type[BaseModel] | None = None
    status: int = 200
    problems: tuple[int, ...] = ()


_ACCOUNT = Param("account", _ID, "an account's id")
_ONE_OR_ALL = Param("account", _ID, "an account's id, or all", needed=True, example="all")
_FROM, _TO = Param("from", TIME, "later than this, with its zone"), Param("to", TIME, "up to this, with its zone")
_HISTORY = (
    _ONE_OR_ALL,
    Param("range", one_of(*RANGES), "counted back from the last complete snapshot; goes without from and to"),
    _FROM,
    _TO,
    Param("points", {"type": "integer", "minimum": 2, "maximum": 2000, "default": DEFAULT_POINTS}, "about how many"),
    Param("benchmark", _TEXT, "BTC, BTC:0.6,ETH:0.4, or initial: held on day one", example="BTC"),
    Param("format", one_of("json", "csv"), "csv: every snapshot, money as stored; goes without points"),
)
_LOGS = (
    Param("account", _ID, "an account's id; all for every one, and what belongs to none"),
    Param("level", one_of(*LEVELS), "this one and the graver ones"),
    Param("event", _TEXT, "itself, or what it begins"),
    Param("run", _TEXT, "of one run"),
    Param("q", _TEXT, "in the message"),
    Param("after", _CURSOR, "a cursor: what was written later; goes without before"),
    Param("before", _CURSOR, "a cursor: what was written earlier"),
    Param("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": DEFAULT_LOGS}, "at most so many"),
)
_FORCE = Param("force", _FLAG, "take the current slot's snapshot anew")
_NOW = Param("now", _FLAG, "rebalance at once, as an entry of the ledger")
_REMOVE = (
    Param("account", _ID, "an account's id", needed=True),
    Param("erase", _FLAG, "delete all that is stored of it"),
    Param("name", _TEXT, "with erase: its name, letter by letter"),
)
_RUN = "Start a run over the accounts that are due"
_REBALANCE = "Apply the rebalances that are due"

CALLS = (
    Call("get", "health", "Whether the product works", (NOBODY,), "Health", problems=(503,)),
    Call("post", "session", "Log in with the password", (NOBODY,), "Role", body=bodies.LogInBody,
         problems=(401, 403, 429, 503)),
    Call("delete", "session", "Log out here, or everywhere", (NOBODY,), "Role",
         (Param("everywhere", _FLAG, "end the sessions of every browser; needs a session"),), problems=(401, 403)),
    Call("get", "accounts", "The accounts with their latest figures", (VIEWER, OWNER), "Accounts", problems=(401,)),
    Call("post", "accounts", "Add an account after a look at its key, and collect it", (OWNER,), "AccountAdded",
         body=bodies.AccountBody, status=201, problems=(401, 403, 409, 422, 502)),
    Call("patch", "accounts", "Change one thing of an account", (OWNER,), "AccountChanged", body=bodies.ChangeBody,
         problems=(401, 403, 404, 409, 422, 502, 503)),
    Call("delete", "accounts", "Close an account, or erase it", (OWNER,), "AccountRemoved", _REMOVE,
         problems=(401, 403, 404)),
    Call("get", "history", "Series, events and metrics", (VIEWER, OWNER), "History", _HISTORY, problems=(401, 404)),
    Call("get", "holdings", "One snapshot down to wallet, asset, quantity and price", (VIEWER, OWNER), "Holdings",
         (_ONE_OR_ALL, Param("at", TIME, "the last one at or before this; without it the newest")),
         problems=(401, 404)),
    Call("get", "flows", "The ledger of an account or of all", (VIEWER, OWNER), "Flows", (_ONE_OR_ALL, _FROM, _TO),
         problems=(401, 404)),
    Call("post", "flows", "Add, void or correct a flow, or declare it internal", (OWNER,), "FlowChanged",
         body=bodies.FlowBody, problems=(401, 403, 404, 502, 503)),
    Call("get", "logs", "What runs told, newest first", (VIEWER, OWNER), "Logs", _LOGS, problems=(401, 404)),
    Call("get", "collect", _RUN, (SCHEDULER,), "Run", (_ACCOUNT, _FORCE), problems=(401, 404, 502)),
    Call("post", "collect", _RUN, (SCHEDULER, OWNER), "Run", (_ACCOUNT, _FORCE), problems=(401, 403, 404, 502)),
    Call("get", "rebalance", _REBALANCE, (SCHEDULER,), "Run", (_ACCOUNT, _NOW), problems=(401, 404, 502)),
    Call("post", "rebalance", _REBALANCE, (SCHEDULER, OWNER), "Run", (_ACCOUNT, _NOW), problems=(401, 403, 404, 502)),
    Call("get", "share", "What a link shows; for the owner, the links", (LINK, OWNER), "Shared", problems=(401, 404)),
    Call("post", "share", "Make a link", (OWNER,), "Share", body=bodies.ShareBody, status=201,
         problems=(401, 403, 404)),
    Call("delete", "share", "Withdraw a link", (OWNER,), "ShareRevoked",
         (Param("id", _TEXT, "a link's id", needed=True),), problems=(401, 403, 404)),
)  # fmt: skip
