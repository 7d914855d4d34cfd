"""Keep the rows that a recipe measured, and write the page `sparsetool guide results` anew.

    SCALE=photos EPOCHS=5 THREADS=1 python -m tests.benchmarks.keep_rows sculpt OUT 0

takes what the recipe `sculpt` measured of seed 0 in its folder OUT to `results/photos/sculpt`: the
files that its table and its claims are made of, and instead of their tickets the script that makes
them, `tickets-0.sh`; also pictures that are drawn of tickets. Several seeds are those of one run.
The knobs are those that it was run with. A recipe that is not finished gives what it has; call it
again later.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sparsetool import recipes
from sparsetool.cli import main
from sparsetool.recipes.recording import KNOB

from .beside import machine
from .results_page import PAGE, RESULTS, Measured, Unclear, keep_picture, measured, page

ELSEWHERE = {"OUT", "JOBS", "SEEDS"}  # knobs that change no figure, and the seeds


def knobs_of(recipe: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The knobs of a recipe that are set, but those of `ELSEWHERE`."""
    known = [k for k in dict.fromkeys(KNOB.findall(recipes.recipe(recipe))) if k not in ELSEWHERE]
    return {knob: environment[knob] for knob in known if environment.get(knob)}


def tickets_of(rows: Iterable[Path], out: Path) -> list[str]:
    """The tickets that rows are of; rows name them from the folder in which the recipe ran.

    Rows of `diff` are of two, whose own rows are there.
    """
    read = [json.loads(line) for path in rows for line in path.open(encoding="utf-8")]
    found = []
    for name in dict.fromkeys(row["file"] for row in read if "file" in row):
        ends = (out.joinpath(*Path(name).parts[at:]) for at in range(len(Path(name).parts)))
        found += [str(path) for path in ends if path.is_file()][:1]
    return found


def keep(
    recipe: str,
    out: Path,
    seeds: Sequence[str],
    knobs: Mapping[str, str],
    place: str,
    results: Path = RESULTS,
) -> Path:
    """Copy the rows of some seeds, and note when and where they were measured.

    Args:
        recipe: Its name.
        out: The recipe's folder.
        seeds: Which.
        knobs: That it was run with.
        place: Date and machine.
        results: Where rows are kept.

    Returns:
        The folder of the rows.

    Raises:
        Unclear: There are no rows, or those kept were measured with other knobs.
    """
    folder = results / knobs.get("SCALE", "demo") / recipe
    before = measured(folder) if (folder / "measured.toml").exists() else None
    if before is not None and dict(before.knobs) != dict(knobs):
        raise Unclear(
            f"{folder} was measured with {dict(before.knobs)}, not with {dict(knobs)}, and a table "
            "cannot mix them: set the same knobs, or remove that folder first"
        )
    calls = Measured(folder, recipe, knobs, dict.fromkeys(seeds, place), "").followed().calls
    ends = [call for call in calls if call.verb in ("plot", "compare")]
    inputs = [Path(name).name for call in ends for name in call.inputs]
    names = {name for name in inputs if name.endswith(".jsonl")}
    there = sorted(name for name in names if (out / name).exists())
    if not there:
        said = f"seed{'s' * (len(seeds) > 1)} {', '.join(seeds)}"
        raise Unclear(f"{out} has no rows of {said}: wanted {', '.join(sorted(names))}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in there:
        shutil.copy(out / name, folder / name)
    for call in ends:
        picture = out / Path(call.options["output"][0]).name
        if not call.inputs[0].endswith(".jsonl") and picture.exists():
            keep_picture(picture, folder)
    for seed in seeds:
        its = (out / name for name in there if name.endswith(f"-{seed}.jsonl"))
        if tickets := tickets_of(its, out):
            script = str(folder / f"tickets-{seed}.sh")
            if main.run(["show", "--quiet", "--force", "--script", *tickets, "-o", script]):
                raise Unclear(f"the tickets in {out} have no script")
    noted = {**(before.seeds if before else {}), **dict.fromkeys(seeds, place)}
    notes = before.notes if before else ""
    lines = [
        "# Which rows these are; written by `keep_rows`, but for the notes.",
        f"recipe = {json.dumps(recipe)}",
        f"knobs = {{ {', '.join(f'{k} = {json.dumps(v)}' for k, v in knobs.items())} }}",
        f'notes = """\n{notes}"""\n\n[seeds]',
        *(f"{number} = {json.dumps(said)}" for number, said in sorted(noted.items())),
    ]
    (folder / "measured.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def here() -> str:
    """Today, this machine, and torch."""
    found = machine()
    device = found["gpu"] or f"{found['cores']} cores of {found['cpu']}"
    return f"{datetime.date.today()}, {device}, torch {found['versions']['torch']}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.keep_rows")
    parser.add_argument("recipe")
    parser.add_argument("out", type=Path, help="the recipe's folder")
    parser.add_argument("seeds", nargs="+", help="that one run of it measured")
    given = parser.parse_args()
    knobs = knobs_of(given.recipe, os.environ)
    try:
        print(f"kept rows in {keep(given.recipe, given.out, given.seeds, knobs, here())}")
        PAGE.write_text(page(pictures=True), encoding="utf-8")
    except Unclear as error:
        sys.exit(f"keep_rows: {error}")
    print(f"wrote {PAGE}")
