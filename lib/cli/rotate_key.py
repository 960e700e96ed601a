"""`./monitor rotate-key`: seal the stored keys under the present ENCRYPTION_KEY, and say what came of each."""

import argparse
from collections import Counter
from collections.abc import Sequence

from lib.cli import terminal
from lib.usecases.rotate import Rotated, rotate

_TOLD = {
    "resealed": "sealed anew under ENCRYPTION_KEY",
    "current": "under ENCRYPTION_KEY already",
    "unreadable": "opened by no key",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("rotate-key", help="encrypt the stored keys anew with the present ENCRYPTION_KEY")
    parser.description = (
        "Before: put the new key into ENCRYPTION_KEY and the former one into ENCRYPTION_KEYS_OLD, wherever this runs. "
        "After: the former one can go. Runs go on meanwhile, and it may be repeated."
    )
    parser.add_argument("--json", action="store_true", help="print what was done for a program")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Reseal, show what was done, and exit with 3 where a key could not be opened."""
    done = terminal.wait_for(_rotate())
    if parsed.json:
        terminal.show_json({"accounts": done})
    else:
        _show(done)
    return terminal.PARTLY if any(one.result == "unreadable" for one in done) else terminal.FINE


async def _rotate() -> tuple[Rotated, ...]:
    async with terminal.home() as home:
        return await rotate(home.wired.store, home.wired.vault)


def _show(done: Sequence[Rotated]) -> None:
    if not done:
        print("No account has a key: there is nothing to encrypt.")
        return
    terminal.show_table(("account", "name", "its key"), [(one.account, one.name, _TOLD[one.result]) for one in done])
    for one in done:
        if one.remedy is not None:
            terminal.complain(f"{one.name}: {one.detail}\n  -> {one.remedy}")
    print(f"\n{_summary(Counter(one.result for one in done))}")


def _summary(counts: Counter[str]) -> str:
    if lost := counts["unreadable"]:
        return f"{lost} could not be opened: keep ENCRYPTION_KEYS_OLD as it is."
    return "Every key is under ENCRYPTION_KEY: what is in ENCRYPTION_KEYS_OLD is not needed any more."
