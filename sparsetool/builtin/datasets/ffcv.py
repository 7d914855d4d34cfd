"""Photographs in two files of ffcv: ffcv:TRAIN.beton,TEST.beton, decoded faster.

Leclerc et al., 2023, "FFCV: accelerating training by removing data bottlenecks", CVPR.
'sparsetool data write-ffcv imagefolder:PATH FILE.beton' writes such files. Order, boxes and flips
are those of the folder it was written from, so that batches are the same up to decoding (ffcv's
decoder, and its resizing by area). Needs the extra sparsetool[ffcv].

A ticket records the files' names and a digest of their content, never their paths.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import Facts
from . import _beton, _contents, _folders

ARGUMENT = "TRAIN.beton,TEST.beton"
RECIPE = _folders.RECIPE


def _files(argument: str | None) -> list[Path]:
    """The files, training first."""
    files = [Path(name).expanduser() for name in (argument or "").split(",") if name]
    if len(files) != 2:
        raise UsageError(f"ffcv wants two files: ffcv:{ARGUMENT}")
    return files


def place(argument: str | None, root: Path) -> str:
    """The files on this machine, as absolute paths.

    Raises:
        UsageError: There are not two files named.
        SparsetoolError: They are not there, or hold something else than the name says.
    """
    text, wanted = _contents.pinned(argument or "")
    typed = _files(text)
    candidates = [[Path.cwd() / name for name in typed], [root / name for name in typed]]
    if wanted is not None:
        candidates += [_files(place) for place in _contents.places(wanted) if "," in place]
    there = [files for files in candidates if all(path.is_file() for path in files)]
    for files in ([path.resolve() for path in files] for files in there):
        if wanted is None or _digest(files).startswith(wanted):
            return ",".join(map(str, files))
    names = " and ".join(map(str, typed))
    if there:
        raise SparsetoolError(f"{names} are not the files the ticket was trained on ({wanted})")
    raise SparsetoolError(
        f"no files {names} (looked in {Path.cwd()} and {root}): write them with "
        "'sparsetool data write-ffcv', or name them with --data"
    )


def _digest(files: list[Path]) -> str:
    return _contents.digest(",".join(map(str, files)), Path("/"), [str(path) for path in files])


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    files = _files(place(argument, root))
    names = ",".join(path.name for path in files)
    return f"ffcv:{names}{_contents.MARK}{_digest(files)[: _contents.SHORT]}"


def facts(argument: str | None) -> Facts:
    """Its facts, as the files at the absolute paths `argument` say."""
    train, test = (_open(path) for path in _files(argument))
    classes = int(train.labels.max()) + 1
    return _folders.facts(classes, {"train": len(train.labels), "test": len(test.labels)})


@lru_cache(maxsize=4)
def _open(path: Path) -> _beton.Beton:
    return _beton.Beton(path)


def photographs(argument: str | None, root: Path, split: str) -> _beton.Beton:
    """The photographs of `split`."""
    train, test = _files(argument)
    return _open(train if split == "train" else test)


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over names, sizes and content of the files."""
    return _digest(_files(argument))


def write(source: _folders.Folder, path: Path) -> None:
    """Write one split of a folder of photographs as a file of ffcv.

    It is written beside `path` and renamed when it is whole.

    Raises:
        SparsetoolError: ffcv is missing, a photograph cannot be decoded, or writing failed.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _beton.write(source, beside)
        with open(beside, "rb") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise SparsetoolError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        beside.unlink(missing_ok=True)
