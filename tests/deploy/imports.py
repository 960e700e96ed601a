"""What a function's code asks for, read from the code in its bundle: late imports, too."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.deploy.output import VENDOR

_OURS = ("lib", "api")


def lacking(entry: str, files: Mapping[str, Path]) -> list[str]:
    """Name what the modules reachable from `entry` import and the bundle does not hold.

    Of ours every import counts; of packages those at the top of a module, for a late one may be a laptop's alone.
    """
    packages = {name.removeprefix(VENDOR).split("/")[0].split(".")[0] for name in files if name.startswith(VENDOR)}
    missing: set[str] = set()
    seen, waiting = {entry}, [entry]
    while waiting:
        here = waiting.pop()
        for module, late in _imported(files[here].read_text()):
            top = module.split(".")[0]
            if top in _OURS:
                found = _file(module, files)
                if found is None:
                    missing.add(f"{here} imports {module}")
                elif found not in seen:
                    seen.add(found)
                    waiting.append(found)
            elif not late and top not in packages and top not in sys.stdlib_module_names:
                missing.add(f"{here} imports {module}")
    return sorted(missing)


def _imported(text: str) -> Iterator[tuple[str, bool]]:
    """Name each module imported, and whether late; of `from package import name` both are tried."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        late = node not in tree.body
        if isinstance(node, ast.Import):
            yield from ((alias.name, late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", late) for alias in node.names)


def _file(module: str, files: Mapping[str, Path]) -> str | None:
    """Find the file of a module, or of the module that holds the name."""
    path = module.replace(".", "/")
    parent = path.rpartition("/")[0]
    tried = (f"{path}.py", f"{path}/__init__.py", f"{parent}.py", f"{parent}/__init__.py")
    return next((name for name in tried if name in files), None)
