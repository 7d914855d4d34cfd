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

from ...errors import SparsetoolError, UsageError
from ...plugins import find
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
    report = Report("data", [], output, force, json, quiet)
    action, *rest = words or ["list"]
    _check(action, {"split": split, "output": output, "json": json, "force": force})
    if action == "fetch":
        _fetch(rest, data_root, report)
    elif action == "write-ffcv":
        _write(rest, split or "train", data_root, report)
    else:
        chosen = words or find.members("datasets")
        report.emit([_row(name, data_root) for name in chosen], COLUMNS)


def _check(action: str, given: dict[str, Any]) -> None:
    """Refuse options that would not be looked at."""
    uses = {"fetch": (), "write-ffcv": ("split", "force")}.get(action, ("output", "json", "force"))
    what = action if action in ACTIONS else "a list of data sets"
    for name in o.given(**given):
        if name not in uses:
            raise UsageError(f"{what} has no use for --{name}: leave it out")


def _row(spec: str, data_root: str | None) -> dict[str, Any]:
    """What is known of one data set."""
    from ...data.facts import facts_of
    from ...data.naming import as_name, recorded_name
    from ...plugins.datasets import Shelved, load
    from ...plugins.datasets import data_root as folder

    spec = as_name(spec)
    name, argument = find.split(spec)
    member = load(name)
    wanted = find.constant("datasets", name, "ARGUMENT")
    summary = find.summary("datasets", name)
    if wanted is not None and argument is None:
        # Such a set is wherever its name says, so there is nothing to look for.
        shown = str(wanted) if name == "file" else f"{name}:{wanted}"
        return {"data": shown, "state": "", "where": "", "summary": summary}
    if wanted is not None:
        spec = recorded_name("datasets", spec, data_root)
        state, where = "whole", "as named"
    else:
        assert isinstance(member, Shelved)
        state, where = member.state(argument, folder(data_root)), str(folder(data_root))
    facts = facts_of(spec, data_root)
    return {
        "data": spec,
        "classes": facts.classes,
        "input": "x".join(map(str, facts.input)),
        **facts.sizes,
        "state": state,
        "where": "inside the package" if name == "digits" else where,
        "summary": summary,
    }


def _fetch(names: list[str], data_root: str | None, report: Report) -> None:
    """Download data sets."""
    from ...plugins.datasets import Fetched, load
    from ...plugins.datasets import data_root as folder

    if not names:
        raise UsageError("fetch what? for example: sparsetool data fetch cifar10")
    chosen = []
    for name, argument in map(find.split, names):
        if not isinstance(member := load(name), Fetched):
            raise UsageError(f"'{name}' cannot be downloaded; 'sparsetool data {name}' says more")
        chosen.append((name, argument, member))
    root = folder(data_root)
    for name, argument, member in chosen:
        if member.state(argument, root) == "whole":
            report.say(f"{name} in {root} is whole: nothing to do")
            continue
        member.fetch(argument, root)
        report.say(f"fetched {name} to {root}")


def _write(words: list[str], split: str, data_root: str | None, report: Report) -> None:
    """Write one split of a folder of photographs for ffcv."""
    from ...data.naming import located
    from ...plugins.datasets import Streamed
    from ...plugins.datasets import data_root as folder

    if len(words) != 2:
        raise UsageError(
            "write-ffcv wants a source and a file: sparsetool data write-ffcv imagefolder:PATH FILE"
        )
    source, path = words[0], Path(words[1])
    member, argument = located(source, data_root)
    if not isinstance(member, Streamed) or source.startswith("ffcv:"):
        raise UsageError(f"write-ffcv takes imagefolder:PATH or imagenet, not {source}")
    target = targets.target(str(path), None)
    if target.exists() and not report.force:
        raise SparsetoolError(f"{path} exists: give another FILE, or add --force")
    photographs = member.photographs(argument, folder(data_root), split)
    find.load("datasets", "ffcv").write(photographs, path)
    report.say(f"wrote {path}: {len(photographs.labels):,} photographs of the {split} split")
