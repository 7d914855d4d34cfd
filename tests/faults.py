"""Deliberate faults, and whether the tests see them.

    python tests/faults.py               every fault of faults.toml
    python tests/faults.py NAME ...      these
    python tests/faults.py --list        their names and files

Each fault is a few characters of the package changed. One at a time they are applied to a copy in a
temporary folder, and the tests named beside the fault are run there. A fault is caught where one of
them fails, and survives where all pass; before, all of them must pass without any fault. At most
one may survive: more, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".toml")
COPIED = ("sparsetool", "tests", "pyproject.toml")
MAY_SURVIVE = 1
PASSED, FAILED = 0, 1  # pytest's exit codes; every other one says that nothing was tested
LIMIT_S = 600  # a fault that makes a test wait for ever is caught, too


@dataclass(frozen=True)
class Fault:
    """One deliberate fault.

    Attributes:
        name: What is wrong, in short.
        file: Where, from the top of the repository.
        old: The right code, which occurs once in the file.
        new: The wrong code.
        tests: Test files or node ids of pytest that should see it.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """The file's text with the fault.

        Raises:
            ValueError: The right code is not there, or more than once.
        """
        if (count := text.count(self.old)) != 1:
            raise ValueError(
                f"{self.name}: its code occurs {count} times in {self.file}, not once: "
                f"bring {TABLE.name} up to date"
            )
        return text.replace(self.old, self.new)


def faults() -> list[Fault]:
    """The table."""
    held = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return [Fault(**{**entry, "tests": tuple(entry["tests"])}) for entry in held["fault"]]


@contextmanager
def copied() -> Iterator[Path]:
    """A temporary folder with the package and its tests."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        for part in COPIED:
            if (ROOT / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / part, Path(name, part), ignore=ignored)
            else:
                shutil.copy(ROOT / part, name)
        yield Path(name)


def environment(folder: Path) -> dict[str, str]:
    """What makes this and every further process import the package from `folder`."""
    # No bytecode: the fault may fall into the same second as the right code, with the same size.
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def check_import(folder: Path) -> None:
    """See that it is the copy that is imported, wherever a process is started.

    Raises:
        RuntimeError: Another one is, so that no fault could be seen.
    """
    code = "import sparsetool; print(sparsetool.__file__)"
    for started in (folder, folder.parent):
        found = subprocess.run(
            [sys.executable, "-c", code],
            cwd=started,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        if not Path(found).resolve().is_relative_to(folder.resolve()):
            raise RuntimeError(f"{found} is imported, not the copy in {folder}")


def passes(folder: Path, tests: Iterable[str]) -> bool:
    """Whether all of these tests pass on the package in `folder`.

    Raises:
        RuntimeError: They could not be run.
    """
    options = ["-x", "-q", "-p", "no:cacheprovider", "--tb=short"]
    command = [sys.executable, "-m", "pytest", *options, *sorted(set(tests))]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in (PASSED, FAILED):
        raise RuntimeError(f"pytest exited with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.returncode == PASSED


def survives(fault: Fault) -> bool:
    """Apply a fault to a fresh copy and run its tests there."""
    with copied() as folder:
        path = folder / fault.file
        path.write_text(fault.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        return passes(folder, fault.tests)


def chosen(names: list[str]) -> list[Fault]:
    """The faults of these names; all without any."""
    table = faults()
    if unknown := set(names) - {fault.name for fault in table}:
        raise SystemExit(f"faults.py: no fault is named {sorted(unknown)[0]}: see --list")
    return [fault for fault in table if not names or fault.name in names]


def main() -> int:
    parser = argparse.ArgumentParser(description="Deliberate faults, and whether tests see them.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults to apply; default all")
    parser.add_argument("--list", action="store_true", help="show the faults and apply none")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="so many at once")
    given = parser.parse_args()
    table = chosen(given.names)
    if given.list:
        for fault in table:
            print(f"{fault.name:45} {fault.file}")
        return 0
    with copied() as folder:
        check_import(folder)
        if not passes(folder, (test for fault in table for test in fault.tests)):
            raise SystemExit("faults.py: these tests fail without any fault: mend them first")
    left = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for fault, survived in zip(table, pool.map(survives, table), strict=True):
            print(f"{'SURVIVED' if survived else 'caught':8} {fault.name}", flush=True)
            left += [fault.name] if survived else []
    print(f"{len(table) - len(left)} of {len(table)} faults caught, {len(left)} survived")
    return int(len(left) > MAY_SURVIVE)


if __name__ == "__main__":
    sys.exit(main())
