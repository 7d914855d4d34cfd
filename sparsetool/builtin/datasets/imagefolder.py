"""Photographs in folders: PATH/train/CLASS/*.jpg and PATH/{val,test}/CLASS/*.jpg.

Classes are the folders, in order of their names. PATH is looked for in the current folder, then in
the data folder. Evaluation uses `test` where there is one, else `val`. Training defaults are the
paper's for ImageNet: random resized crops of 224 pixels and flips; evaluation resizes the short
side to 256 and takes the central 224. `imagefolder:PATH:64` are the same photographs averaged to
64x64 once, and held in memory; sides are multiples of 8 up to 128.

A ticket records the folder's name and a digest of its content, never its path.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _contents, _folders, _squares

if TYPE_CHECKING:
    import numpy as np

ARGUMENT = "PATH"
RECIPE = _folders.RECIPE


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError("imagefolder wants a folder: imagefolder:PATH")
    return argument


def place(argument: str | None, root: Path) -> str:
    """The folder on this machine, as an absolute path, and the side after it, if one is asked for.

    Raises:
        UsageError: No folder is named, or a side that cannot be.
        SparsetoolError: It is not there, or holds other photographs than the name says.
    """
    named, wanted = _contents.pinned(_wanted(argument))
    name, side = _squares.split(named)
    typed = Path(name).expanduser()
    candidates = [Path.cwd() / typed, root / typed]
    if wanted is not None:
        candidates += [Path(p) for p in _contents.places(wanted) if Path(p).name == typed.name]
    there = [path.resolve() for path in candidates if (path / "train").is_dir()]
    for path in there:
        if wanted is None or _folders.digest(path).startswith(wanted):
            return str(path) if side is None else f"{path}:{side}"
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
    found = Path(place(argument, root))
    content = _folders.digest(_placed(str(found))[0])[: _contents.SHORT]
    return f"imagefolder:{found.name}{_contents.MARK}{content}"


def _placed(argument: str | None) -> tuple[Path, int | None]:
    """The folder and the side, of what `place` gave."""
    name, side = _squares.split(_wanted(argument))
    return Path(name), side


def facts(argument: str | None) -> Facts:
    """Its facts, as the folder at the absolute path `argument` says."""
    root, side = _placed(argument)
    classes, train = _folders.listing(root, "train")
    _, test = _folders.listing(root, "test")
    full = _folders.facts(len(classes), {"train": len(train), "test": len(test)})
    return full if side is None else _squares.facts(full, side)


def photographs(
    argument: str | None, root: Path, split: str
) -> _folders.Folder | tuple[np.ndarray, np.ndarray]:
    """The photographs of `split`; at a side, images uint8 [N, 3, S, S] and labels int64 [N]."""
    path, side = _placed(argument)
    if side is None:
        return _folders.Folder(path, split)
    return _squares.load(path, split, side, _folders.digest(path))


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over names, sizes and content of all photographs, the same at every side."""
    return _folders.digest(_placed(argument)[0])
