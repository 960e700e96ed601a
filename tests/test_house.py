"""The house: what lies where, how long it may be, and what must never be in it."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP_LEVEL = {
    *("api", "lib", "public", "sql", "tests", "docs", ".ci"),
    *("vercel.json", "requirements.txt", "README.md", "Makefile", "monitor", ".env.example", ".gitignore"),
    *(".vercelignore", ".python-version", "ruff.toml", "setup.cfg", "pytest.ini", "package.json", "package-lock.json"),
    *("requirements-local.txt", "requirements-dev.txt", "CHANGELOG.md", "LICENSE"),
}
CODE = {".py", ".js", ".sql", ".css", ".html", ".sh"}
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|root|farm|tmp|home|Users|opt|usr/local)/[\w.-]+")
REGISTRY = re.compile(r"registry\.(npmjs|yarnpkg)|pypi\.org/simple|--(extra-)?index-url|find-links|\"resolved\"")
CLOCK_IN_CORE = re.compile(r"\.(now|today|utcnow)\(")
SQL_FUNCTION = re.compile(r"create\s+(?:or\s+replace\s+)?function\s+([\w.]+)", re.IGNORECASE)
MAX_FUNCTIONS = 12  # what the free plan deploys


NOT_OURS = {".git", ".venv", ".data", "node_modules", "vendor", "__pycache__"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or is about to be, under version control; without git, every file of the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    if listed.returncode:
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def under(*folders: str, suffixes: set[str] = CODE) -> Iterator[Path]:
    return (path for path in tracked() if name(path).startswith(folders) and path.suffix in suffixes)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_the_top_level_holds_what_the_house_has_and_no_more() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert found - TOP_LEVEL == set()
    assert TOP_LEVEL - found == set()


def test_what_a_build_generates_is_not_kept() -> None:
    """A pyproject.toml makes the platform's builder ignore requirements.txt, and the functions die on import."""
    names = {path.name for path in tracked()}
    assert names & {"pyproject.toml", "uv.lock", "Pipfile", ".env", "setup.py"} == set()
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"pyproject.toml", "uv.lock", ".env", ".data/", ".venv", "node_modules", "public/vendor/"} <= set(ignored)
    assert {"lib/", "lib", "/lib/"} & set(ignored) == set()


def test_a_module_stays_short() -> None:
    bounds = [(("lib/", "api/", "public/", "sql/"), 300), (("tests/",), 500)]
    long = {
        name(path): lines
        for folders, bound in bounds
        for path in under(*folders, suffixes={".py", ".js", ".sql"})
        if (lines := text(path).count("\n")) > bound
    }
    assert long == {}


def test_a_function_stays_short() -> None:
    long = {
        f"{name(path)}:{node.name}": lines
        for path in under("lib/", "api/", suffixes={".py"})
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 60  # forty is the aim, sixty the end
    }
    assert long == {}


def test_nothing_unfinished_hides_behind_a_finished_name() -> None:
    found = {name(path): match.group(0) for path in tracked() if (match := UNFINISHED.search(text(path)))}
    assert found == {}


def test_nothing_names_a_machine_or_a_registry() -> None:
    suspects = [
        path for path in tracked() if path.suffix in CODE | {".md", ".json", ".txt", ".cfg", ".toml", ".ini", ""}
    ]
    paths = {name(path): match.group(0) for path in suspects if (match := MACHINE_PATH.search(text(path)))}
    assert paths == {}
    registries = {name(path) for path in suspects if path != Path(__file__) and REGISTRY.search(text(path))}
    assert registries == set()


def test_the_core_never_asks_for_the_time() -> None:
    asking = {name(path) for path in under("lib/domain/", suffixes={".py"}) if CLOCK_IN_CORE.search(text(path))}
    assert asking == set()


def test_no_module_is_called_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert {name(path) for path in under("lib/", "public/js/") if path.stem in vague} == set()


def handlers() -> list[Path]:
    return sorted(path for path in tracked() if name(path).startswith("api/"))


def test_a_handler_file_is_one_short_function_that_assigns_app() -> None:
    assert 0 < len(handlers()) <= MAX_FUNCTIONS
    for path in handlers():
        tree = ast.parse(text(path))
        assigned = [
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        assert re.fullmatch(r"api/[a-z]+\.py", name(path)), "one file is one URL, no helpers"
        assert assigned.count("app") == 1, f"{name(path)}: the platform looks for `app` at top level"
        assert text(path).count("\n") <= 20, f"{name(path)} has more than 20 lines"
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert not defined & {"app", "handler", "application"}, name(path)


def test_the_platform_settings_name_functions_that_exist() -> None:
    """A pattern that owns no file stops a deployment."""
    settings = json.loads(text(ROOT / "vercel.json"))
    assert settings["framework"] is None
    left = {name(path) for path in handlers()}
    for pattern, options in settings["functions"].items():
        owned = {path for path in left if Path(path).match(pattern)}
        assert owned, pattern
        assert len(options["excludeFiles"]) <= 256
        assert ".env*" in options["excludeFiles"]
        left -= owned


def test_the_page_may_run_no_inline_script_and_call_no_other_site() -> None:
    (rule,) = json.loads(text(ROOT / "vercel.json"))["headers"]
    policy = next(header["value"] for header in rule["headers"] if header["key"] == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_sql_file_is_one_function_with_its_grants() -> None:
    for path in under("sql/functions/", suffixes={".sql"}):
        body = re.sub(r"--[^\n]*", "", text(path)).lower()
        created = SQL_FUNCTION.findall(body)
        assert len(set(created)) == 1, f"{name(path)} makes {created}"
        expected = created[0].removeprefix("public.").replace(".", "_")  # private.flows lies in private_flows.sql
        assert expected == path.stem, f"{name(path)} makes {created[0]}"
        assert f"revoke execute on function {created[0]}" in body, name(path)
        if created[0].startswith("public."):
            assert f"grant execute on function {created[0]}" in body, name(path)
        assert re.search(r"set\s+search_path\s*(=|to)\s*''", body), f"{name(path)} trusts the caller's search path"


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name.split("_")[0]) for path in under("sql/migrations/", suffixes={".sql"})]
    assert numbers
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers)), numbers


@pytest.mark.parametrize("page", ["README.md", "docs"])
def test_every_link_of_the_documentation_leads_somewhere(page: str) -> None:
    for path in [path for path in tracked() if name(path).startswith(page) and path.suffix == ".md"]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text(path)):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{name(path)} links to {target}"
