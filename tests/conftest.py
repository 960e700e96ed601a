"""What every test may use and rely on: the browser of this machine, Ctrl-C, and that a build server skips nothing."""

import logging
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.database", "tests.profiles"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, for playwright's `executable_path`."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    found = found or next((path for path in MAC_BROWSERS if Path(path).exists()), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install chromium to run the tests of the page")
    return found


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Let a test configure logging: the handlers and the level of before come back after it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers.clear()  # configure() closes what it finds
    yield
    root.handlers[:] = before
    root.setLevel(level)


def pytest_configure() -> None:
    """Take Ctrl-C's signal, and let what is started take it: a job that a shell puts into the background ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _forbidden_skips(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return 0
    return len(reporter.stats.get("skipped", []))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Fail a run that skipped anything where CI=true: what is not run there is run nowhere."""
    if _forbidden_skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say so."""
    if skipped := _forbidden_skips(terminalreporter.config):
        terminalreporter.line(f"CI=true: {skipped} skipped, and a skip is a failure here", red=True)
