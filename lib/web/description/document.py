"""The description as OpenAPI 3.1, put together from the calls and the shapes."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from lib.web.description.answers import SHAPES
from lib.web.description.calls import CALLS, LINK, NOBODY, OWNER, SCHEDULER, VIEWER, Call, Param
from lib.web.description.shapes import TEXT, Shape, known

_REFERENCES = "#/components/schemas/{model}"
_TITLE = "Binance Portfolio Monitor"
_PROBLEMS = {
    400: "a parameter or the body is wrong; detail names it",
    401: "the door stays shut",
    403: "a write that did not come from this site's own page",
    404: "there is no such account, entry or link",
    405: "another method; Allow names those there are",
    409: "what is there already stands against it",
    413: "a body of more than 64 KiB",
    422: "the key will not do; detail says what to change",
    429: "too many tries to log in; Retry-After says when the next may be",
    502: "the exchange did not answer as it should",
    503: "the database does not answer, or a setting is missing; detail names it",
}
_ALWAYS = (400, 405, 413, 503)
_DOORS: dict[str, Shape] = {
    SCHEDULER: {"type": "http", "scheme": "bearer", "description": "the value of CRON_SECRET"},
    VIEWER: {"type": "http", "scheme": "bearer", "description": "the value of API_TOKEN; reads only"},
    LINK: {"type": "http", "scheme": "bearer", "description": "the token of a share link"},
    OWNER: {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-monitor-session",
        "description": "set by POST /api/session; on plain-http loopback it is called monitor-session. "
        "A write must be JSON and carry this site's own Origin.",
    },
}


def text() -> str:
    """Return the description as it lies in `public/`."""
    shapes: dict[str, Shape] = {**SHAPES}
    paths: dict[str, dict[str, object]] = {}
    for call in CALLS:
        paths.setdefault(f"/api/{call.name}", {})[call.method] = _operation(call, shapes)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLE,
            "version": "1",
            "description": "Money and quantities are decimal strings, ratios numbers (0.05 is 5 %), times RFC 3339 "
            "save in columns of series, which have epoch seconds. The header X-Now of every answer is the server's "
            "time. In demo mode every call is open.",
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(shapes.items())), "securitySchemes": _DOORS},
    }
    return json.dumps(document, indent=1) + "\n"


def _operation(call: Call, shapes: dict[str, Shape]) -> dict[str, object]:
    told: dict[str, object] = {"operationId": f"{call.method}_{call.name}", "summary": call.what}
    told["security"] = [{}] if NOBODY in call.doors else [{door: []} for door in call.doors]
    if call.params:
        told["parameters"] = [_parameter(param) for param in call.params]
    if call.body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(call.body, shapes)}}}
    told["responses"] = _responses(call)
    return told


def _parameter(param: Param) -> dict[str, object]:
    return {
        "name": param.name,
        "in": "query",
        "required": param.needed,
        "description": param.what,
        "schema": param.shape,
        **({"example": param.example} if param.example else {}),
    }


def _body(model: type[BaseModel], shapes: dict[str, Shape]) -> Shape:
    """Return a reference to the model's own schema, which goes among the shapes with all that it refers to."""
    schema = model.model_json_schema(ref_template=_REFERENCES)
    inner: Mapping[str, Shape] = schema.pop("$defs", {})
    shapes.update({**inner, model.__name__: schema})
    return known(model.__name__)


def _responses(call: Call) -> dict[str, object]:
    found: dict[str, object] = {str(call.status): _response("as asked", call.answer, "application/json")}
    for status in sorted({*call.problems, *_ALWAYS}):
        found[str(status)] = _response(_PROBLEMS[status], "Problem", "application/problem+json")
    if call.answer == "Health":
        found["503"] = _response("down; or a setting is missing", "Health", "application/json", problem=True)
    if call.answer == "History":
        found["200"] = _response("as asked", call.answer, "application/json", table=True)
        found["304"] = {"description": "what If-None-Match names is still the answer"}
    if call.answer == "Run":
        found["502"] = _response("every account failed", "Run", "application/json")
    return found


def _response(what: str, shape: str, kind: str, *, problem: bool = False, table: bool = False) -> dict[str, object]:
    content: dict[str, object] = {kind: {"schema": known(shape)}}
    if problem:
        content["application/problem+json"] = {"schema": known("Problem")}
    if table:
        content["text/csv"] = {"schema": TEXT}
    return {"description": what, "content": content}
