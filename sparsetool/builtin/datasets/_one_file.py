"""Data in one file: where it lies on this machine, and what identifies its content."""

from __future__ import annotations

from pathlib import Path

from ...errors import SparsetoolError
from . import _contents


def place(wanted: str, root: Path, form: str) -> str:
    """The file on this machine, as an absolute path.

    Args:
        wanted: As typed or recorded: a path, or its last part with a digest.
        root: Folder of data sets.
        form: How such a file is named on the command line.

    Raises:
        SparsetoolError: It is not there, or holds other data than the name says.
    """
    name, digest_wanted = _contents.pinned(wanted)
    typed = Path(name).expanduser()
    candidates = [Path.cwd() / typed, root / typed]
    if digest_wanted is not None:
        seen = map(Path, _contents.places(digest_wanted))
        candidates += [path for path in seen if path.name == typed.name]
    there = [path.resolve() for path in candidates if path.is_file()]
    for path in there:
        if digest_wanted is None or digest(path).startswith(digest_wanted):
            return str(path)
    if there:
        raise SparsetoolError(
            f"{there[0]} holds other data than the ticket's {typed.name} "
            f"({_contents.MARK[1:]}{digest_wanted}): name the file with --data {form}"
        )
    raise SparsetoolError(
        f"there is no {name} (looked in {Path.cwd()} and {root}): name the file with --data"
    )


def recorded(kind: str, path: Path) -> str:
    """The name by which tickets record the file of a data set of this kind."""
    return f"{kind}:{path.name}{_contents.MARK}{digest(path)[: _contents.SHORT]}"


def digest(path: Path) -> str:
    """SHA-256 over the file's name, size and content."""
    return _contents.digest(str(path), path.parent, [path.name])
