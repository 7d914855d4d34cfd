"""The table of figures: each recipe is there, and says in its header which it draws."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sparsetool import guide, recipes

ROW = re.compile(r"^\| (Figure \w+|[^|]+) \|.*? (`[^|]+`) \| `([^|]+)` \|$", re.MULTILINE)
ROWS = ROW.findall(guide.text("figures"))
DRAWN = re.compile(r"Figures? ((?:\w*\d+\w*|,|and|to|\s)+)")


def drawn(recipe: str) -> set[str]:
    """Figures that a recipe's header names, ranges written out."""
    head = recipes.recipe(recipe).split("set -euo pipefail")[0]
    text = re.sub(r"\n#\s?", " ", head)
    found: set[str] = set()
    for listed in DRAWN.findall(text):
        words = re.findall(r"\d+[a-z]?|to", listed)
        found |= {word for word in words if word != "to"}
        for at, word in enumerate(words[1:-1], 1):
            if word == "to":
                found |= {str(n) for n in range(int(words[at - 1]), int(words[at + 1]) + 1)}
    return found


def test_the_table_is_read() -> None:
    numbers = [row[0].removeprefix("Figure ") for row in ROWS if row[0].startswith("Figure")]
    assert {int(re.sub(r"\D", "", number)) for number in numbers} == {*range(1, 19)}
    assert {"Table 2", "Appendix A.1"} <= {row[0] for row in ROWS}
    named = {name for _, names, _ in ROWS for name in re.findall(r"`([^`]+)`", names)}
    assert named == set(recipes.names()), "every recipe is of some row"


def test_the_readme_names_every_recipe_too() -> None:
    text = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    rows = text.partition("| of the paper |")[2].partition("\n\n")[0].splitlines()[2:]
    listed = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[2])}
    assert listed == set(recipes.names())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_recipe_says_what_it_draws(row: tuple[str, str, str]) -> None:
    figure, names, command = row
    wanted = re.findall(r"`([^`]+)`", names)
    assert wanted
    assert command.split()[-1] in wanted
    for name in wanted:
        assert name in recipes.names()
        if figure.startswith("Figure "):
            assert figure.removeprefix("Figure ") in drawn(name), name
        elif figure.startswith(("Table ", "Appendix ")):
            head = recipes.recipe(name).split("set -euo pipefail")[0]
            assert figure in re.sub(r"\n#\s?", " ", head), name
