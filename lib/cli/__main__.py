"""The entry of `./monitor`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

from lib import garbage, log, settings
from lib.cli import terminal
from lib.cli.terminal import FAILED, WRONG_USE, complain
from lib.errors import ConfigurationError, InvalidInput, MonitorError

_COMMANDS = (  # modules beside this one, in the order of --help
    "init",
    "serve",
    "collect",
    "rebalance",
    "accounts",
    "history",
    "flows",
    "logs",
    "export",
    "import_",
    "replay",
    "recompute",
    "backup",
    "restore",
    "migrate",
    "doctor",
    "keygen",
    "rotate_key",
    "alerts",
    "demo",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 failed, 2 wrong use, 3 partly."""
    parser = argparse.ArgumentParser(prog="monitor", description="Are you doing better than holding BTC and ETH?")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = sys.argv[1:] if arguments is None else arguments
    for command in _modules(given[0] if given else ""):
        command.add_to(commands)
    parsed = parser.parse_args(given)
    garbage.look_rarely()
    try:
        log.configure(_log_level(), sys.stderr)
        code: int = parsed.run(parsed)
        sys.stdout.flush()  # here, where what goes wrong with it has an exit code
        return code
    except (ConfigurationError, InvalidInput) as error:
        complain(str(error))
        return WRONG_USE
    except MonitorError as error:
        complain(str(error))
        return FAILED
    except BrokenPipeError:  # who read has read enough, as head does
        _hush()
        return FAILED
    except OSError as error:  # no room, no permission, a file where a folder is meant
        complain(f"{error.filename or 'the output'}: {error.strerror or type(error).__name__}")
        _hush()
        return FAILED
    except KeyboardInterrupt:
        return FAILED


def _hush() -> None:
    """Let what cannot be printed go nowhere: Python would try once more at its end, and complain itself."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _modules(command: str) -> Iterator[ModuleType]:
    """Import the command that is called; all of them where there is none such: what each needs takes time to load."""
    called = [name for name in _COMMANDS if name.rstrip("_").replace("_", "-") == command]
    return (import_module(f"lib.cli.{name}") for name in called or _COMMANDS)


def _log_level() -> str:
    """Return the level to log at; a command for people keeps to warnings unless the settings say otherwise."""
    try:
        return settings.from_environment(terminal.DOTENV).log_level or "WARNING"
    except ConfigurationError:
        return "WARNING"


if __name__ == "__main__":
    sys.exit(main())
