"""`make check-deploy`: build as the platform builds, look at what came out, start it, and ask it."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import httpx
import psycopg

from lib.errors import MonitorError
from tests.deploy import advisors, answers, bundles, output, source
from tests.deploy.builder import CannotBuild, Tools, build, tools
from tests.deploy.output import Output
from tests.deploy.report import Report, differing, unwanted
from tests.deploy.source import CannotCopy


def main() -> int:
    """Run every check and return the exit code."""
    parser = argparse.ArgumentParser(prog="make check-deploy", description=__doc__)
    parser.add_argument("--bytecode", action="store_true", help="build with compiled bytecode in the functions")
    parsed = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="check-deploy-") as name:
        folder = Path(name)
        try:
            advisors.check(folder / "advised", report)
            with_tools = tools(folder / "bin")
            whole = _check_hourly(folder, with_tools, report, bytecode=parsed.bytecode)
            _check_free_plan(folder, with_tools, whole, report, bytecode=parsed.bytecode)
        except (CannotBuild, CannotCopy) as problem:
            report.check("the platform's builder builds it", [str(problem)])
        except (MonitorError, psycopg.Error, httpx.HTTPError) as problem:
            report.check("what a function talks to is there", [f"{type(problem).__name__}: {problem}"])
    return report.close()


def _check_hourly(folder: Path, with_tools: Tools, report: Report, *, bytecode: bool) -> Output:
    report.step("building what is under version control, with the platform's own builder")
    tree = source.copied(folder / "source")
    built = output.read(build(tree, with_tools, report.step, bytecode=bytecode), tree.folder)
    report.check("the platform's builder builds it", [])
    bundles.check(built, tree, report)
    report.step("starting each function as the platform does")
    answers.check(built, folder / "functions", with_tools.python, report)
    return built


def _check_free_plan(folder: Path, with_tools: Tools, whole: Output, report: Report, *, bytecode: bool) -> None:
    """Build what an upload holds with the free plan's one line: it must come to the same functions and page."""
    report.step("building what .vercelignore lets through, with the one line that the free plan needs changed")
    tree = source.uploaded_to_free_plan(folder / "free")
    settings = json.loads((tree.folder / "vercel.json").read_text())
    left = {name.split("/")[0] for name in tree.files} & {"tests", "docs", "monitor", ".ci", ".env.example"}
    report.check(f"upload: {len(tree.files)} files, and none that nothing needs there", unwanted(left, "also"))
    built = output.read(build(tree, with_tools, report.step, bytecode=bytecode), tree.folder)
    report.check("upload: comes to the same functions and page", [
        *differing(_own(built), _own(whole)),
        *differing(built.static.keys(), whole.static.keys()),
    ])  # fmt: skip
    report.check("free plan: fires once a day", differing([schedule for _, schedule in built.crons], [source.DAILY]))
    bundles.check_crons(built, settings, report)


def _own(built: Output) -> set[str]:
    return {f"{function.name}: {name}" for function in built.functions for name in function.own}


if __name__ == "__main__":
    sys.exit(main())
