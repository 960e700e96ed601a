"""Which rights the code needs: read from the grants in `sql/`, so that no second list can grow old."""

import re
from collections.abc import Iterable

from lib.local.doctor.facts import Need
from lib.store.sql_files import SqlFile

_ROLE = "service_role"
_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*")
_OUTER_COMMA = re.compile(r",\s*(?![^()]*\))")
_KIND = r"(?:(schema|table|sequence|function)\s+)?"
_GRANT = re.compile(rf"grant (.+?) on {_KIND}(.+) to (.+)")
_REVOKE = re.compile(rf"revoke (.+?) on {_KIND}(.+) from (.+)")
_DROP = re.compile(r"drop (table|function|sequence|schema) (?:if exists )?(.+?)(?: cascade| restrict)?")


def needs(files: Iterable[SqlFile]) -> tuple[Need, ...]:
    """Return what the service role has once all files are applied, in their order."""
    found: dict[Need, None] = {}
    for statement in (one for file in files for one in _statements(file.text)):
        if (match := _GRANT.fullmatch(statement)) and _ROLE in match[4].split(", "):
            found |= dict.fromkeys(_rights(match[1], match[2], match[3]))
        elif (match := _REVOKE.fullmatch(statement)) and _ROLE in match[4].split(", "):
            for need in _rights(match[1], match[2], match[3]):
                found.pop(need, None)
        elif match := _DROP.fullmatch(statement):
            gone = {(match[1], _bare(name)) for name in _OUTER_COMMA.split(match[2])}
            found = {need: None for need in found if (need.kind, need.target) not in gone}
    return tuple(found)


def _statements(text: str) -> list[str]:
    bare = _COMMENT.sub("", _BODY.sub("''", text))
    return [" ".join(one.lower().split()) for one in bare.split(";")]


def _rights(rights: str, kind: str | None, targets: str) -> list[Need]:
    found = []
    for right in _OUTER_COMMA.split(rights):
        name, _, columns = right.partition("(")
        for target in _OUTER_COMMA.split(targets):
            found += [
                Need(kind or "table", _bare(target), name.strip(), column.strip())
                for column in columns.rstrip(")").split(",")
            ]
    return found


def _bare(target: str) -> str:
    """Return the name without a function's arguments: no function here has two forms."""
    return target.partition("(")[0].strip()
