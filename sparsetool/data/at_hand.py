"""Data sets as a person looks after them: which are here, how to get one, photographs for ffcv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError, UsageError
from ..plugins import find
from ..plugins.datasets import Fetched, Shelved, Streamed, load
from ..plugins.datasets import data_root as folder
from ..plugins.own_code import within_call
from .facts import facts_of
from .naming import as_name, located, recorded_name

EMBEDDED = ("digits", "shakespeare")


@within_call
def data_sets(*names: str, data_root: str | None = None) -> list[dict[str, Any]]:
    """What is known of data sets, and whether they are here.

    Args:
        names: Their names, `NAME` or `NAME:ARGUMENT`; without any, all.
        data_root: Folder of data sets; by default `$SPARSETOOL_DATA`, else the XDG data folder.

    Returns:
        For each `data` (its name), `state` (`missing`, `damaged`, `whole`; empty where the name
        lacks its place), `where` and `summary`; where they are known, `classes`, `input` (channels,
        height, width, in pixels, with `x` between), and examples in `train` and `test`.

    Raises:
        UsageError: No such data set.
        SparsetoolError: What a name's argument names is not there.

    Example:
        >>> [digits] = data_sets("digits")
        >>> digits["input"], digits["train"], digits["state"]
        ('1x8x8', 1437, 'whole')
    """
    return [_known(name, data_root) for name in names or find.members("datasets")]


def _known(spec: str, data_root: str | None) -> dict[str, Any]:
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
        "where": "inside the package" if name in EMBEDDED else where,
        "summary": summary,
    }


def fetch(
    *names: str, data_root: str | None = None, say: Callable[[str], None] = lambda line: None
) -> None:
    """Download data sets; those that are whole already are left as they are.

    Args:
        names: Their names.
        data_root: As for `data_sets`.
        say: Takes a line on each.

    Raises:
        UsageError: A data set that is unknown, or cannot be downloaded.
        SparsetoolError: The download failed.
    """
    chosen = []
    for name, argument in map(find.split, names):
        if not isinstance(member := load(name), Fetched):
            raise UsageError(f"'{name}' cannot be downloaded; 'sparsetool data {name}' says more")
        chosen.append((name, argument, member))
    root = folder(data_root)
    for name, argument, member in chosen:
        if member.state(argument, root) == "whole":
            say(f"{name} in {root} is whole: nothing to do")
            continue
        member.fetch(argument, root)
        say(f"fetched {name} to {root}")


def write_ffcv(
    source: str,
    file: str | Path,
    *,
    split: str = "train",
    data_root: str | None = None,
    force: bool = False,
) -> int:
    """Write one split of a folder of photographs as a file of ffcv.

    Args:
        source: `imagefolder:PATH` or `imagenet`.
        file: Where to.
        split: `train` or `test`.
        data_root: As for `data_sets`.
        force: Whether a file that is there may be overwritten.

    Returns:
        How many photographs were written.

    Raises:
        UsageError: The source has no photographs.
        SparsetoolError: The file exists, or the photographs are not there.
    """
    member, argument = located(source, data_root)
    if not isinstance(member, Streamed) or source.startswith("ffcv:"):
        raise UsageError(f"write-ffcv takes imagefolder:PATH or imagenet, not {source}")
    path = Path(file)
    if path.exists() and not force:
        raise SparsetoolError(f"{path} exists: give another FILE, or add --force")
    photographs = member.photographs(argument, folder(data_root), split)
    if isinstance(photographs, tuple):
        raise UsageError(f"{source} is averaged and fits into memory: write-ffcv takes whole ones")
    find.load("datasets", "ffcv").write(photographs, path)
    return len(photographs.labels)
