"""What a check says: how grave it is, what it is about, and for what is not fine what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How grave a finding is, the mildest first."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. No text of it holds a secret."""

    level: Level
    subject: str
    message: str
    remedy: str | None = None


def ok(subject: str, message: str) -> Finding:
    """Say that something is fine."""
    return Finding(Level.OK, subject, message)


def warning(subject: str, message: str, remedy: str) -> Finding:
    """Say what works but should be looked at."""
    return Finding(Level.WARNING, subject, message, remedy)


def problem(subject: str, message: str, remedy: str) -> Finding:
    """Say what does not work or is not safe."""
    return Finding(Level.PROBLEM, subject, message, remedy)


def worst(findings: Sequence[Finding]) -> Level:
    """Return the gravest level among them."""
    return max((finding.level for finding in findings), key=list(Level).index, default=Level.OK)
