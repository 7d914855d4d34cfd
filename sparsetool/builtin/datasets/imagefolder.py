"""Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg.

Classes are the folders, in order of their names. PATH is looked for in the current folder, then in
the data folder. Evaluation uses `test` where there is one, else `val`. Training defaults are the
paper's for ImageNet: random resized crops of 224 pixels and flips; evaluation resizes the short
side to 256 and takes the central 224.

A ticket records the folder's name and a digest of its content, never its path.
"""

from __future__ import annotations

from pathlib import Path

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _contents, _folders

ARGUMENT = "PATH"
RECIPE = _folders.RECIPE


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError("imagefolder wants a folder: imagefolder:PATH")
    return argument


def place(argument: str | None, root: Path) -> str:
    """The folder on this machine, as an absolute path.

    Raises:
        UsageError: No folder is named.
        SparsetoolError: It is not there, or holds other photographs than the name says.
    """
    name, wanted = _contents.pinned(_wanted(argument))
    typed = Path(name).expanduser()
    candidates = [Path.cwd() / typed, root / typed]
    if wanted is not None:
        candidates += [Path(p) for p in _contents.places(wanted) if Path(p).name == typed.name]
    there = [path.resolve() for path in candidates if (path / "train").is_dir()]
    for path in there:
        if wanted is None or _folders.digest(path).startswith(wanted):
            return str(path)
    if there:
        raise SparsetoolError(
            f"{there[0]} holds other photographs than the ticket's imagefolder:{name} "
            f"({_contents.MARK[1:]}{wanted}): name the folder with --data imagefolder:PATH"
        )
    raise SparsetoolError(
        f"no photographs in {name} (looked in {Path.cwd()} and {root}): wanted "
        f"{_folders.LAYOUT}; name the folder with --data imagefolder:PATH"
    )


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    path = Path(place(argument, root))
    return f"imagefolder:{path.name}{_contents.MARK}{_folders.digest(path)[: _contents.SHORT]}"


def facts(argument: str | None) -> Facts:
    """Its facts, as the folder at the absolute path `argument` says."""
    root = Path(_wanted(argument))
    classes, train = _folders.listing(root, "train")
    _, test = _folders.listing(root, "test")
    return _folders.facts(len(classes), {"train": len(train), "test": len(test)})


def photographs(argument: str | None, root: Path, split: str) -> _folders.Folder:
    """The photographs of `split`."""
    return _folders.Folder(Path(_wanted(argument)), split)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over names, sizes and content of all photographs."""
    return _folders.digest(Path(_wanted(argument)))
