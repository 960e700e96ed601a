"""How PostgREST says no: the status of an SQLSTATE, and the body that goes with it."""

import json

import httpx
import psycopg

_EXACT = {
    "23503": 409, "23505": 409, "25006": 405, "21000": 500, "53400": 500, "57P01": 503, "P0001": 400,
    "42883": 404, "42P01": 404, "42P17": 500,
}  # fmt: skip
_CLASS = {
    "08": 503, "09": 500, "0L": 403, "0P": 403, "25": 500, "28": 403, "2D": 500, "38": 500, "39": 500, "3B": 500,
    "40": 500, "53": 503, "54": 413, "55": 500, "57": 500, "58": 500, "F0": 500, "HV": 500, "P0": 500, "XX": 500,
}  # fmt: skip
_FORBIDDEN = "42501"


def refusal(
    status: int, code: str, message: str, details: str | None = None, hint: str | None = None
) -> httpx.Response:
    """Return an error as the API words it."""
    body = {"code": code, "details": details, "hint": hint, "message": message}
    return httpx.Response(status, headers={"content-type": "application/json; charset=utf-8"}, content=json.dumps(body))


def of_database(error: psycopg.Error, *, anonymous: bool) -> httpx.Response:
    """Return what the database's own error becomes."""
    code, diagnosis = error.sqlstate, error.diag
    if code is None:
        return unreachable()
    message = diagnosis.message_primary or ""
    return refusal(
        status_of(code, anonymous=anonymous), code, message, diagnosis.message_detail, diagnosis.message_hint
    )


def status_of(code: str, *, anonymous: bool) -> int:
    """Map an SQLSTATE to the HTTP status. Source: platform, 8; a class stands for all codes that begin with it."""
    if code == _FORBIDDEN:
        return 401 if anonymous else 403
    if code.startswith("PT"):
        chosen = code[2:]
        return int(chosen) if chosen.isdigit() else 500
    return _EXACT.get(code) or _CLASS.get(code[:2], 400)


def unreachable() -> httpx.Response:
    """Return what a client sees while the API has lost its database."""
    return refusal(503, "PGRST001", "Database client error. Retrying the connection.")


def crowded() -> httpx.Response:
    """Return what a client sees when no connection came free in time."""
    return refusal(504, "PGRST003", "Timed out acquiring connection from connection pool.")


def no_such_path() -> httpx.Response:
    """Return the answer to everything but a call of a function."""
    return refusal(404, "PGRST125", "Invalid path specified in request URL")


def bad_body() -> httpx.Response:
    """Return the answer to a body that is no JSON object."""
    return refusal(400, "PGRST102", "Empty or invalid json")


def no_such_function(schema: str, name: str, arguments: list[str]) -> httpx.Response:
    """Return the answer to a function, or arguments of it, that the database does not know."""
    called = f"{schema}.{name}({', '.join(arguments)})" if arguments else f"{schema}.{name} without parameters"
    return refusal(
        404,
        "PGRST202",
        f"Could not find the function {called} in the schema cache",
        f"Searched for the function {called}, but no matches were found in the schema cache.",
    )


def ambiguous(schema: str, name: str) -> httpx.Response:
    """Return the answer where two functions of one name would do."""
    return refusal(300, "PGRST203", f"Could not choose the best candidate function between: {schema}.{name}")
