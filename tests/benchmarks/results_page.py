"""Write the page `sparsetool guide results` from the rows that were measured.

    python -m tests.benchmarks.results_page               # also pictures, long tables by the rows
    python -m tests.benchmarks.results_page --no-pictures # the page alone

`results/SCALE/RECIPE/` holds the rows of one recipe: the files `*-SEED.jsonl` of its OUT, and
`measured.toml`, which says with what knobs, when and where each seed was measured. Another seed
is its files, its line in `measured.toml`, and this command: `keep_rows` does all three. The recipe
itself is followed, without training anything, to the `plot` and `compare` calls that end it; these
are made on the rows. What is asked of each recipe is in `results/claims.toml`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sparsetool import guide, recipes
from sparsetool.cli import main
from sparsetool.cli.syntax import grammar
from sparsetool.recipes.recording import OUT, Call, Recording

RESULTS = Path(__file__).parent / "results"
ROOT = RESULTS.parents[2]
PAGE = guide.HERE / "results.md"
SCALES = {"paper": "The paper's size", "photos": "Photographs", "small": "Digits"}
SEED = re.compile(r"-(\d+)\.jsonl$")
LONGEST = 30  # rows of a table on the page; a longer one is a file beside the rows
COLOURS = 256  # of a picture beside the rows: half its bytes


class Unclear(Exception):
    """Rows and what is said of them do not fit."""


@dataclass(frozen=True)
class Measured:
    """The rows of one recipe at one scale.

    Attributes:
        folder: Where they are.
        recipe: Its name.
        knobs: That were set, but SEEDS.
        seeds: When and where each seed was measured.
        notes: What should be known of them.
    """

    folder: Path
    recipe: str
    knobs: Mapping[str, str]
    seeds: Mapping[str, str]
    notes: str

    @property
    def command(self) -> str:
        """The line that measures them again."""
        knobs = {**self.knobs, "SEEDS": " ".join(self.seeds)}
        words = [f"{name}={shlex.quote(value)}" for name, value in knobs.items()]
        return " ".join([*words, "sparsetool recipe", self.recipe, "| bash"])

    def followed(self) -> Recording:
        """The recipe's calls, none of them made."""
        knobs = {**self.knobs, "SEEDS": " ".join(self.seeds), "OUT": OUT}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return recipes.recorded(self.recipe, {**kept, **knobs}, grammar())


def measured(folder: Path) -> Measured:
    """What a folder holds.

    Raises:
        Unclear: There are rows of a seed of which `measured.toml` says nothing.
    """
    said = tomllib.loads((folder / "measured.toml").read_text(encoding="utf-8"))
    seeds = dict(sorted(said["seeds"].items(), key=lambda item: int(item[0])))
    there = {found[1] for path in folder.glob("*.jsonl") if (found := SEED.search(path.name))}
    if unknown := sorted(there - set(seeds)):
        raise Unclear(
            f"{folder} has rows of seed {unknown[0]}, and measured.toml does not say when and "
            f'where they were measured: add {unknown[0]} = "DATE, MACHINE" under [seeds]'
        )
    return Measured(folder, said["recipe"], said["knobs"], seeds, said.get("notes", ""))


def table_of(call: Call) -> str | None:
    """The name of the file of a call's table as Markdown."""
    names = (Path(name).name for name in call.options.get("table", ()) if name.endswith(".md"))
    return next(names, None)


def made(call: Call, rows: Path, scratch: Path, pictures: bool) -> str | None:
    """Make a call of `plot` or `compare` on the rows that are there: its table.

    Returns:
        The table as Markdown; None where the rows do not suffice, or no table is asked for.
    """
    table = table_of(call)
    here = {name: rows / Path(name).name for name in call.inputs}
    if not (table or pictures) or not any(path.exists() for path in here.values()):
        return None
    words, rest = [], iter(call.words)
    for word in rest:
        if word in here:
            words += [str(here[word])] if here[word].exists() else []
        elif word == "-o" and call.verb == "plot" and not pictures:
            next(rest)
        else:
            words.append(word.replace(OUT, str(scratch)))
    with contextlib.redirect_stderr(io.StringIO()) as said:
        code = main.run(words)
    if code and all(path.exists() for path in here.values()):
        raise Unclear(f"sparsetool {shlex.join(words)}: {said.getvalue()}")
    return None if code or table is None else (scratch / table).read_text(encoding="utf-8").strip()


def keep_picture(picture: Path, folder: Path) -> None:
    """A copy of a picture in few colours."""
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3)
        few.save(folder / picture.name, optimize=True)


def block(of: Measured, pictures: bool) -> Iterator[str]:
    """What was measured of a recipe at one scale, in paragraphs of Markdown.

    Args:
        of: The rows.
        pictures: Whether pictures and long tables are made beside them, too.
    """
    recording = of.followed()
    ends = [call for call in recording.calls if call.verb in ("plot", "compare")]
    knobs = recording.knobs
    places: dict[str, list[str]] = {}
    for seed, place in of.seeds.items():
        places.setdefault(place, []).append(seed)
    when = "; ".join(
        f"seed{'s' * (len(seeds) > 1)} {', '.join(seeds)}: {place}"
        for place, seeds in places.items()
    )
    yield (
        f"**{SCALES[of.folder.parent.name]}**: {knobs['MODEL']} on {knobs['DATA']}, cycles of "
        f"{knobs['EPOCHS']} epochs; {when}."
    )
    inputs = [Path(name).name for call in ends for name in call.inputs]
    wanted = {name for name in inputs if name.endswith(".jsonl")}
    if missing := sorted(name for name in wanted if not (of.folder / name).exists()):
        yield f"Not finished: there is no {', '.join(f'`{name}`' for name in missing)} yet."
    sentences = iter(re.findall(r"^claim: (.*)$", recording.said, re.MULTILINE))
    with tempfile.TemporaryDirectory(prefix="sparsetool-results-") as folder:
        for call in ends:
            table = made(call, of.folder, Path(folder), pictures)
            if call.verb == "compare" and "spread" not in call.options:
                yield f"Claim: {next(sentences)}."
            if call.verb == "compare":
                yield verdicts(table) if table else "What it needs is not measured yet."
            elif table and table.count("\n") - 1 <= LONGEST:
                yield table
            elif table:
                long = of.folder / str(table_of(call))
                yield f"Table: `{os.path.relpath(long, ROOT)}`."
                if pictures:
                    long.write_text(f"{table}\n", encoding="utf-8")
        if pictures:
            for picture in sorted(Path(folder).glob("*.png")):
                keep_picture(picture, of.folder)
    for what, suffix in (("Picture", "png"), ("Script of all tickets (`show --script`)", "sh")):
        there = of.folder.glob(f"*.{suffix}")
        names = [os.path.relpath(path, ROOT) for path in there]
        if names:
            yield f"{what}: {', '.join(f'`{name}`' for name in sorted(names))}."
    if of.notes:
        yield of.notes.strip()
    yield f"```sh\n{of.command}\n```"


def verdicts(table: str) -> str:
    """A table of `compare` that fits a page: without columns that others imply, or empty ones."""
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    equal = any(name.startswith("p, equal") for name in rows[0])
    implied = {"seeds", "p", *(["p, Holm"] if equal else [])}
    cells = dict(zip(rows[0], zip(*rows[2:], strict=True), strict=True))
    levels, methods = cells.get("sparsity", ()), cells.get("method", ())
    if len(set(zip(levels, methods, strict=False))) == len(set(levels)) == len(set(methods)) > 1:
        implied.add("method")
    elif "source" in cells and len(set(levels)) == 1:
        implied.add("sparsity")
    rows[0] = [re.sub(r"^difference \((.*)\)$|\s+\(points\)$", r"\1", name) for name in rows[0]]
    alike = len(set(cells.get("seeds", ()))) == 1
    if len(others := set(cells.get("second", ()))) == 1 and len(rows) > 3:
        implied.add("second")
        rows[0][rows[0].index("first")] = f"beside {others.pop()}"
    columns = [
        at
        for at, name in enumerate(rows[0])
        if name not in implied and any(row[at] for row in rows[2:])
    ]
    text = "\n".join(f"| {' | '.join(row[at] for at in columns)} |" for row in rows)
    return re.sub(r"(cannot be told) with \d+ seeds?\b", r"\1", text) if alike else text


def section(claim: Mapping[str, Any], results: Path, pictures: bool) -> Iterator[str]:
    """A claim: its question, and what was measured, in paragraphs of Markdown."""
    name = claim["recipe"]
    yield f"## {claim['title']}"
    yield f"Recipe `{name}`. {claim['question'].strip()}"
    there = [scale for scale in SCALES if (results / scale / name / "measured.toml").exists()]
    if "photos" not in there:
        none = "" if there else ", nor on digits"
        yield f"On photographs this was not measured yet{none}."
    for scale in there:
        yield from block(measured(results / scale / name), pictures)
    if "published" in claim:
        yield claim["published"].strip()


def page(results: Path = RESULTS, pictures: bool = False) -> str:
    """The whole page.

    Args:
        results: The folder of rows.
        pictures: Whether pictures are drawn beside the rows, too.
    """
    asked = tomllib.loads((RESULTS / "claims.toml").read_text(encoding="utf-8"))
    parts = [asked["head"].strip()]
    for claim in asked["claims"]:
        parts += section(claim, results, pictures)
    parts.append(asked["tail"].strip())
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.results_page")
    parser.add_argument("--no-pictures", action="store_true", help="write the page alone")
    PAGE.write_text(page(pictures=not parser.parse_args().no_pictures), encoding="utf-8")
    print(f"wrote {PAGE}")
