"""Which way the arrows point, read from the imports of every file; and the house's manners.

`ALLOWED` is all that this test knows of the layout: a folder may import those below it. Members of
families (`builtin`) are above what they use, and nothing imports them: they are reached by name.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sparsetool"
LINES, BODY = 280, 60

# From the street down; each may import what stands below it.
FLOORS = (
    *(
        "cli",
        "guide",
        "recipes",
        "doctor",
        "notebook",
        "drawing",
        "builtin",
        "training",
        "analysis",
        "evaluation",
    ),
    *("masks", "networks", "data", "runs", "layer_graph", "plugins", "ticket", "compute"),
    *("kernels", "files", "errors"),
)
ALONE = {"kernels", "errors"}  # import nothing of ours
NEVER = {"masks", "ticket", "runs", "plugins"}  # rooms without torch
# Reached by name alone, never by an import: (whole rooms).
BY_NAME = {"builtin"}
# The one arrow that points up, inside a method: `Ticket.model()` is promised to notebooks.
LAZY = {("sparsetool.ticket.value", "sparsetool.networks.build")}
FRONT = {"__init__", "__main__"}  # what the street sees: names of everything below
SPEAKING = {"cli"}

FILES = sorted(PACKAGE.rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(path: Path) -> str:
    """`sparsetool.masks.masking` of a file; of an `__init__.py`, its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(path: Path) -> str:
    """The folder of a file in the package, or its own name where it lies at the top."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


MODULES = {dotted(path): path for path in FILES}


def imports(path: Path, node: ast.AST | None = None) -> Iterator[str]:
    """Every module that a file imports anywhere, by its full dotted name."""
    folder = dotted(path if path.name == "__init__.py" else path.parent / "__init__.py").split(".")
    for found in ast.walk(node or parsed(path)):
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            above = folder[: len(folder) - found.level + 1] if found.level else []
            module = ".".join([*above, *([found.module] if found.module else [])])
            for alias in found.names:
                whole = f"{module}.{alias.name}"
                yield whole if whole in MODULES else module


def top_imports(path: Path) -> Iterator[str]:
    """Modules imported when the file is: not inside a function, nor for types alone."""
    for node in parsed(path).body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from imports(path, node)


def ours(modules: Iterator[str]) -> set[str]:
    return {name for name in modules if name.startswith("sparsetool.")}


def heads(modules: Iterator[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def within(*rooms: str) -> list[Path]:
    found = [path for path in FILES if room(path) in rooms]
    assert found, f"no files in {rooms}"
    return found


def circles(arrows: Mapping[str, set[str]]) -> list[set[str]]:
    """Groups of nodes that reach each other (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in arrows.get(node, set()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = set()
            while node not in group:
                group.add(stack.pop())
            if len(group) > 1:
                found.append(group)

    for node in arrows:
        if node not in index:
            visit(node)
    return found


def test_the_parser_of_imports_sees_what_is_there():
    """Guards the others: an empty answer would pass them all."""
    assert "sparsetool.ticket.format" in set(imports(PACKAGE / "ticket/value.py"))
    assert "sparsetool.cli.options" in set(imports(PACKAGE / "cli/verbs/mask.py"))
    lazy, top = (
        set(imports(PACKAGE / "ticket/value.py")),
        set(top_imports(PACKAGE / "ticket/value.py")),
    )
    assert {("sparsetool.ticket.value", module) for module in lazy - top} >= LAZY
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_every_room_has_its_floor():
    assert {room(path) for path in FILES} - FRONT <= set(FLOORS)


def test_the_street_shows_folders():
    assert {path.stem for path in PACKAGE.glob("*.py")} == FRONT | {"errors", "files"}


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.stem not in FRONT or p.parent != PACKAGE], ids=dotted
)
def test_arrows_point_down(path):
    here, floor = room(path), FLOORS.index(room(path))
    for module in ours(imports(path)):
        there = module.split(".")[1]
        if there == here or (dotted(path), module) in LAZY or module == "sparsetool":
            continue
        assert FLOORS.index(there) > floor, f"{module} is above"
        assert there not in BY_NAME, f"{module} is reached by name alone"
        assert here not in ALONE, f"{here} imports nothing of ours"


def test_no_circle_between_files():
    arrows = {
        dotted(path): {m for m in ours(imports(path)) if (dotted(path), m) not in LAZY}
        for path in FILES
    }
    assert not circles(arrows)


def test_no_circle_between_folders():
    """Nor between a folder and one inside it."""
    arrows: dict[str, set[str]] = {}
    for path in FILES:
        here = dotted(path).rpartition(".")[0] if path.name != "__init__.py" else dotted(path)
        for module in ours(imports(path)):
            there = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
            if here != there and (dotted(path), module) not in LAZY:
                arrows.setdefault(here, set()).add(there)
    arrows.pop("sparsetool", None)
    assert not circles(arrows)


@pytest.mark.parametrize("path", [p for p in FILES if room(p) not in SPEAKING | FRONT], ids=dotted)
def test_science_never_prints_exits_or_knows_the_shell(path):
    spoken = {"print", "input", "exit", "quit", "breakpoint", "sys.exit", "os._exit"}
    streams = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__", "SystemExit"}
    said = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in spoken)
        or (isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in streams)
        or (isinstance(node, ast.ImportFrom) and node.module == "sys")
    ]
    assert not said
    assert not heads(imports(path)) & {"typer", "click", "argparse"}


@pytest.mark.parametrize("path", within(*NEVER), ids=dotted)
def test_rooms_without_torch(path):
    assert not heads(top_imports(path)) & {"torch", "torchvision", "pyhessian"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli/verbs").glob("*.py")), ids=dotted)
def test_verbs_hold_no_science(path):
    numeric = {"numpy", "torch", "torchvision", "scipy", "safetensors", "matplotlib", "pyhessian"}
    assert not heads(imports(path)) & numeric
    at_once = {name.split(".")[1] for name in ours(top_imports(path))}
    assert not at_once & {"training", "masks", "analysis", "networks", "evaluation"}


MEMBERS = {dotted(p) for p in within("builtin") if not p.stem.startswith("_")}


@pytest.mark.parametrize(
    "path", [p for p in within("builtin") if p.name != "__init__.py"], ids=dotted
)
def test_a_member_imports_no_other_member(path):
    assert not set(imports(path)) & (MEMBERS - {dotted(path)})


def test_nothing_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}
    paths = [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*")]
    assert not [path for path in paths if path.stem.strip("_").lower() in empty]


def test_files_stay_small():
    sizes = {dotted(p): len(p.read_text("utf-8").splitlines()) for p in FILES}
    assert not {name: size for name, size in sizes.items() if size >= LINES}


def test_functions_stay_small():
    """Lines of a function without its signature and docstring."""
    sizes = {}
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body:
                    size = (node.end_lineno or 0) - body[0].lineno + 1
                    sizes[f"{dotted(path)}.{node.name}"] = size
    assert len(sizes) > 100
    assert not {name: size for name, size in sizes.items() if size > BODY}


def test_the_top_level_holds_what_was_fixed():
    listing = ["git", "-c", "safe.directory=*", "ls-tree", "--name-only", "HEAD"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    fixed = {"pyproject.toml", "README.md", "sparsetool", "tests", "completions", "LICENSE"}
    assert {name for name in names.split() if not name.startswith(".")} <= fixed
