"""The page of figures: each recipe is there, says in its header which it draws, and writes that."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from sparsetool import guide, recipes
from sparsetool.cli.syntax import grammar

TEXT = guide.text("figures")
BLOCK = r"^### (\S+)\n\n```sh\n(.*?)\n```\n\n(.*?)\n\n(?=##)"
SECTION = re.compile(BLOCK, re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^- ([^`]+), `([^`]+)`: (.*?)\.$(?=\n-|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {name: (command, ROW.findall(rows)) for name, command, rows in SECTION.findall(TEXT)}
ROWS = [row for _, rows in SECTIONS.values() for row in rows]
DRAWN = re.compile(r"Figures? ((?:\w*\d+\w*|,|and|to|\s)+)")
ANY = re.compile(r"SPARSITY|METHOD")  # in the name of a file


def figures(text: str) -> set[str]:
    """Figures that a text names, ranges written out."""
    found: set[str] = set()
    for listed in DRAWN.findall(text):
        words = re.findall(r"\d+[a-z]?|to", listed)
        found |= {word for word in words if word != "to"}
        for at, word in enumerate(words[1:-1], 1):
            if word == "to":
                found |= {str(n) for n in range(int(words[at - 1]), int(words[at + 1]) + 1)}
    return found


def header(recipe: str) -> str:
    return re.sub(r"\n#\s?", " ", recipes.recipe(recipe).split("set -euo pipefail")[0])


def files_of(recipe: str) -> set[str]:
    """What a recipe writes at the paper's size, the tickets left out."""
    knobs = {"PATH": os.environ["PATH"], "SCALE": "paper", "SEEDS": "0", "OUT": "out"}
    calls = recipes.recorded(recipe, knobs, grammar()).calls
    options = [call.options for call in calls]
    made = [name for o in options for key in ("output", "table") for name in o.get(key, ())]
    return {Path(name).name for name in made}


def test_the_page_is_read() -> None:
    numbers = {number for row in ROWS for number in figures(row[0])}
    assert {int(re.sub(r"\D", "", number)) for number in numbers} == {*range(1, 19)}
    assert {"Table 2", "Appendix A.1", "First version", "Review"} <= {row[0] for row in ROWS}
    assert set(SECTIONS) == set(recipes.names()), "every recipe has rows"
    assert len(ROWS) == TEXT.count("\n- ")


def test_rows_can_be_told_apart_and_read_in_a_terminal() -> None:
    assert len({words for _, _, words in ROWS}) == len(ROWS)
    assert max(map(len, TEXT.splitlines())) <= 80


def test_the_readme_names_every_recipe_too() -> None:
    text = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    rows = text.partition("| of the paper |")[2].partition("\n\n")[0].splitlines()[2:]
    listed = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[2])}
    assert listed == set(recipes.names())


@pytest.mark.parametrize("name", SECTIONS)
def test_each_recipe_says_what_it_draws_and_writes_it(name: str) -> None:
    command, rows = SECTIONS[name]
    assert command == f"SCALE=paper sparsetool recipe {name} | bash"
    written = files_of(name)
    assert rows
    for label, file, words in rows:
        if label.startswith("Figure"):
            assert figures(label) <= figures(header(name)), label
        elif label.startswith(("Table ", "Appendix ")):
            assert label in header(name)
        for wanted in (file, *re.findall(r"`(\S+\.\w+)`", words)):
            pattern = ANY.sub("*", wanted)
            assert any(fnmatch(each, pattern) for each in written), wanted
