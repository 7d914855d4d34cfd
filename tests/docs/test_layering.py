"""Which way the arrows point, read from the imports of every file; and the house's manners."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sparsetool"
FOUNDATION = {"errors", "registry", "draws", "wire", "stream", "ticket", "reading"}
SHELL = {"verbs", "completion"}  # folders that talk to a person; all others are science
NUMERIC = {"numpy", "torch", "torchvision", "scipy", "safetensors", "matplotlib", "pyhessian"}
LINES, BODY = 280, 60

FILES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
SCIENCE = FOLDERS - SHELL


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(path: Path) -> str:
    """`sparsetool.sparsity.masking` of a file; of an `__init__.py`, its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(path: Path) -> str:
    """The folder of a file in the package, or its own name where it lies at the top."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


MODULES = {dotted(path) for path in FILES}


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


def rooms_of_ours(modules: Iterator[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("sparsetool.")}


def heads(modules: Iterator[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def within(*rooms: str) -> list[Path]:
    found = [path for path in FILES if room(path) in rooms]
    assert found, f"no files in {rooms}"
    return found


def is_family(folder: str) -> bool:
    """Whether the folder's docstring fixes what a member defines."""
    return "member" in (ast.get_docstring(parsed(PACKAGE / folder / "__init__.py")) or "")


FAMILIES = {folder for folder in FOLDERS if is_family(folder)} | {"verbs"}
MEMBERS = {
    dotted(path)
    for path in FILES
    if room(path) in FAMILIES and not path.stem.startswith("_") and path.parent != PACKAGE
}


def test_the_parser_of_imports_sees_what_is_there():
    """Guards the others: an empty answer would pass them all."""
    assert {"criteria", "densities", "schedules", "datasets", "models", "plots"} <= FAMILIES
    assert {"sparsity", "training", "analysis"} <= SCIENCE
    assert {"stream", "wire", "errors", "training"} <= rooms_of_ours(imports(PACKAGE / "ticket.py"))
    assert "sparsetool.options" in set(imports(PACKAGE / "verbs" / "mask.py"))
    assert "training" not in rooms_of_ours(top_imports(PACKAGE / "ticket.py"))


@pytest.mark.parametrize("name", sorted(FOUNDATION))
def test_the_foundation_imports_nothing_above_it(name):
    path = PACKAGE / f"{name}.py"
    assert rooms_of_ours(top_imports(path)) <= FOUNDATION
    # One arrow up, inside a method: `Ticket.model()` is promised to notebooks.
    upward = {("ticket", "sparsetool.training.module")}
    above = {
        (name, module)
        for module in imports(path)
        if module.startswith("sparsetool.") and module.split(".")[1] not in FOUNDATION
    }
    assert above <= upward


@pytest.mark.parametrize("path", within(*SCIENCE), ids=dotted)
def test_science_knows_nothing_of_the_shell(path):
    assert rooms_of_ours(imports(path)) <= SCIENCE | FOUNDATION
    assert not heads(imports(path)) & {"typer", "click", "argparse"}


@pytest.mark.parametrize("path", within(*SCIENCE), ids=dotted)
def test_science_never_prints_or_exits(path):
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


@pytest.mark.parametrize("path", within("sparsity"), ids=dotted)
def test_masks_and_weights_are_rearranged_without_torch(path):
    assert not heads(imports(path)) & {"torch", "torchvision", "pyhessian"}


@pytest.mark.parametrize("path", within("verbs"), ids=dotted)
def test_verbs_hold_no_science(path):
    assert not heads(imports(path)) & NUMERIC
    assert not rooms_of_ours(top_imports(path)) & {"training", "sparsity", "analysis"}


@pytest.mark.parametrize(
    "path", [p for p in within(*FAMILIES) if p.name != "__init__.py"], ids=dotted
)
def test_a_member_imports_no_other_member(path):
    assert not set(imports(path)) & (MEMBERS - {dotted(path)})


def test_nothing_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}
    paths = [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*")]
    assert not [path for path in paths if path.stem.strip("_").lower() in empty]


def test_files_stay_small():
    paths = PACKAGE.rglob("*.py")
    sizes = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in paths}
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
