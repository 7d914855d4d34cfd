"""Following a run that another process trains: the lines of its log as they come."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError
from . import log
from .glance import KEPT, glance
from .where import names, state_folder


def is_trained(folder: Path) -> bool:
    """Whether a process works on a run folder now; one that was killed does not."""
    if (folder / KEPT).exists():
        return False
    try:
        with (folder / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no lock yet, or no folder any more
        return False
    return False


def the_one_trained() -> str:
    """The name of the run that is being trained.

    Raises:
        SparsetoolError: None is, or several are.
    """
    found = [name for name in names() if is_trained(state_folder() / "runs" / name)]
    if not found:
        raise SparsetoolError("no run is being trained now: 'sparsetool runs' lists what there is")
    if len(found) > 1:
        some = ", ".join(name[:8] for name in found[:5]) + ", ..." * (len(found) > 5)
        raise SparsetoolError(f"{len(found)} runs are being trained, name one of them: {some}")
    return found[0]


def follow(folder: Path, wait: Callable[[], None]) -> Iterator[list[dict[str, Any]]]:
    """New lines of a run's log, first all that there are; ends when the run has finished.

    Every epoch comes once: where a training that was killed goes on from an earlier state, epochs
    that it trains again are passed over.

    Args:
        folder: The run folder.
        wait: Called between two looks; takes about half a second.

    Raises:
        SparsetoolError: It ends unfinished: it was stopped, its process died, or it was removed.
    """
    last, quiet, seen = (0, 0), 0, None
    while quiet < 2:  # nobody trains it at two looks: at one, a waiting process may take over
        trained = is_trained(folder)  # before its log is read, so that nothing comes after that
        now = _version(folder / "log.jsonl")
        if now != seen:
            seen = now
            lines = [line for line in log.read(folder / "log.jsonl")[0] if _place(line) > last]
            if lines:
                last = _place(lines[-1])
                yield lines
        if not trained and glance(str(folder)).finished:
            return
        quiet = 0 if trained else quiet + 1
        wait()
    raise SparsetoolError(_why_it_ended(folder, last))


def _version(path: Path) -> tuple[int, ...] | None:
    """What changes when a file does; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _place(line: dict[str, Any]) -> tuple[int, int]:
    return line["cycle"], line["epoch"]


def _why_it_ended(folder: Path, last: tuple[int, int]) -> str:
    run = f"run {folder.name[:8]}"
    if not folder.is_dir():
        return f"{run} was removed"
    what = "was stopped" if (folder / KEPT).exists() else "is not finished and its process has died"
    where = f"after epoch {last[1]} of cycle {last[0]}" if last[0] else "before its first epoch"
    return f"{run} {what} {where}; this carries on: {glance(str(folder)).command}"
