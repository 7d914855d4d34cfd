"""Where run folders are, and their names, without reading any of them."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

from .. import files
from ..errors import SparsetoolError


def state_folder() -> Path:
    """Where run folders live: $SPARSETOOL_STATE, else the XDG state folder."""
    if given := os.environ.get("SPARSETOOL_STATE"):
        return Path(given)
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "sparsetool"


def names() -> list[str]:
    """The names of all runs, sorted; each is a folder of `state_folder() / "runs"`."""
    runs = state_folder() / "runs"
    if not runs.is_dir():
        return []
    with os.scandir(runs) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir())


def remove(path: Path) -> None:
    """Remove a run folder.

    Raises:
        SparsetoolError: A process is working on it, or the system does not let go of it.
    """
    try:
        with (path / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
    except BlockingIOError:
        raise SparsetoolError(f"run {path.name} is being trained: stop it first") from None
    except OSError as error:
        raise SparsetoolError(f"cannot remove {path}: {files.reason(error)}") from None
