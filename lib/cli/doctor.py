"""`./monitor doctor`: what is wrong, and what to do about it."""

import argparse
from collections import Counter
from collections.abc import Sequence

from lib.cli import terminal
from lib.clock import SystemClock
from lib.errors import ConfigurationError
from lib.local.doctor import check_settings
from lib.local.doctor.examine import examine_all
from lib.local.doctor.finding import Finding, Level, worst

_EXIT = {Level.OK: terminal.FINE, Level.WARNING: terminal.PARTLY, Level.PROBLEM: terminal.FAILED}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help="name what is wrong and what to do about it")
    parser.add_argument("--json", action="store_true", help="print the findings for a program")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Look at everything, change nothing."""
    try:
        settings = terminal.read_settings()
    except ConfigurationError as error:
        return show(check_settings.unreadable(error), as_json=parsed.json)
    return show(terminal.wait_for(examine_all(settings, terminal.DATA, SystemClock())), as_json=parsed.json)


def show(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Show the findings, and return the exit code of the gravest."""
    level = worst(findings)
    if as_json:
        told = [
            {"level": one.level, "subject": one.subject, "message": one.message, "remedy": one.remedy}
            for one in findings
        ]
        terminal.show_json({"status": level, "findings": told})
        return _EXIT[level]
    widest = max((len(finding.subject) for finding in findings), default=0)
    for finding in findings:
        print(f"{finding.level:<7}  {finding.subject:<{widest}}  {finding.message}")
        if finding.remedy is not None:
            print(f"{'':<7}  {'':<{widest}}  -> {finding.remedy}")
    print(f"\n{_summary(findings)}")
    return _EXIT[level]


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    parts = [
        f"{number} {level}{'' if number == 1 else 's'}"
        for level in (Level.PROBLEM, Level.WARNING)
        if (number := counts[level])
    ]
    return ", ".join(parts) + "." if parts else "Everything that was looked at is fine."
