"""`python -m sparsetool.cli.completion SHELL` prints one script, `--write DIR` writes all."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...plugins import find
from . import scripts


def main() -> None:
    """Print one script, or write all."""
    parser = argparse.ArgumentParser("python -m sparsetool.cli.completion")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("shell", nargs="?", choices=find.members("completion"))
    which.add_argument("--write", metavar="DIR", type=Path, help="write all of them there")
    given = parser.parse_args()
    made = scripts()
    if given.shell is not None:
        print(made[find.load("completion", given.shell).FILE], end="")
        return
    for name, text in made.items():
        (given.write / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
