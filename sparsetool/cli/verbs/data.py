"""List data sets and where they are looked for, fetch one, or write photographs for ffcv.

Without arguments every data set is listed, with NAME those named; only 'fetch NAME' downloads.
'write-ffcv SOURCE FILE' writes one split of a folder of photographs as a file of ffcv.

    sparsetool data
    sparsetool data fetch cifar10
    sparsetool data write-ffcv imagefolder:imagenette train.beton
    sparsetool data write-ffcv imagefolder:imagenette test.beton --split test
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from ...errors import UsageError
from .. import options as o
from .. import targets
from ..measure import Column, Report

ACTIONS = ("fetch", "write-ffcv")
COLUMNS = (
    Column("data"),
    Column("classes", "classes", ","),
    Column("input"),
    Column("train", "train", ","),
    Column("test", "test", ","),
    Column("state"),
    Column("where", spare=2),
    Column("summary", spare=1),
)


def _offers() -> list[tuple[str, str]]:
    return [
        ("fetch", "download a data set"),
        ("write-ffcv", "write a split for ffcv"),
        *o.members_of("datasets")(),
    ]


def verb(
    words: Annotated[
        list[str] | None,
        o.argument(
            "Data sets to list; or 'fetch NAME', 'write-ffcv SOURCE FILE'.", "[NAME ...]", _offers
        ),
    ] = None,
    split: Annotated[
        str | None,
        o.option(
            "--split",
            metavar="NAME",
            help="For write-ffcv: train (default) or test.",
            values=("train", "test"),
        ),
    ] = None,
    data_root: o.DataRoot = None,
    output: o.Output = None,
    json: o.Json = False,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ...data import at_hand

    report = Report("data", [], output, force, json, quiet)
    action, *rest = words or ["list"]
    _check(action, {"split": split, "output": output, "json": json, "force": force})
    if action == "fetch":
        if not rest:
            raise UsageError("fetch what? for example: sparsetool data fetch cifar10")
        at_hand.fetch(*rest, data_root=data_root, say=report.say)
    elif action == "write-ffcv":
        _write(rest, split or "train", data_root, report)
    else:
        report.emit(at_hand.data_sets(*(words or []), data_root=data_root), COLUMNS)


def _check(action: str, given: dict[str, Any]) -> None:
    """Refuse options that would not be looked at."""
    uses = {"fetch": (), "write-ffcv": ("split", "force")}.get(action, ("output", "json", "force"))
    what = action if action in ACTIONS else "a list of data sets"
    for name in o.given(**given):
        if name not in uses:
            raise UsageError(f"{what} has no use for --{name}: leave it out")


def _write(words: list[str], split: str, data_root: str | None, report: Report) -> None:
    """Write one split of a folder of photographs for ffcv."""
    from ...data.at_hand import write_ffcv

    if len(words) != 2:
        raise UsageError(
            "write-ffcv wants a source and a file: sparsetool data write-ffcv imagefolder:PATH FILE"
        )
    source, file = words
    targets.target(file, None)
    count = write_ffcv(source, file, split=split, data_root=data_root, force=report.force)
    report.say(f"wrote {Path(file)}: {count:,} photographs of the {split} split")
