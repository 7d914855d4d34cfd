"""Jobs on this machine: several at once, each as soon as the files that it reads are there."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..plugins.engines import Job, folders

PAUSE_S = 0.05


@dataclass
class Running:
    """A job's process."""

    job: Job
    process: subprocess.Popen[bytes]
    place: int


@dataclass
class Outcome:
    """What became of jobs.

    Attributes:
        done: Jobs that ended well.
        failed: Jobs that did not, each with the last line it said.
        skipped: Jobs that read what a failed one should have written.
    """

    done: list[Job] = field(default_factory=list)
    failed: list[tuple[Job, str]] = field(default_factory=list)
    skipped: list[Job] = field(default_factory=list)


def run(
    jobs: Sequence[Job],
    places: Sequence[str | None],
    logs: Path,
    ended: Callable[[Job, Outcome], None],
) -> Outcome:
    """Run jobs; what one says goes to a file of its own.

    A job that fails stops those that need it, and no other. An exception, such as a signal makes,
    asks every running job to stop, waits for them and goes on: a training keeps its progress.

    Args:
        jobs: Each after those whose files it reads.
        places: One for each job that may run at once: the GPUs it sees, or None for all.
        logs: Folder of what the jobs say.
        ended: Told of every job that ended, well or not, with what has become of all so far.
    """
    for folder in (*folders(jobs), str(logs)):
        Path(folder).mkdir(parents=True, exist_ok=True)
    makers = {file: job.outputs[0] for job in jobs for file in job.outputs}
    outcome = Outcome()
    waiting, free = list(jobs), list(range(len(places)))
    open_jobs = {job.outputs[0] for job in jobs}  # not ended yet
    lost = set[str]()  # failed or skipped
    with _stopping() as running:
        while waiting or running:
            for job in _next(waiting, makers, open_jobs, lost, outcome):
                if not free:
                    break
                waiting.remove(job)
                place = free.pop(0)
                running.append(_start(job, place, places[place], logs))
            for each in [each for each in running if each.process.poll() is not None]:
                running.remove(each)
                free.append(each.place)
                open_jobs.discard(each.job.outputs[0])
                if each.process.returncode == 0:
                    outcome.done.append(each.job)
                else:
                    lost.add(each.job.outputs[0])
                    outcome.failed.append((each.job, _last_line(each.job, logs)))
                ended(each.job, outcome)
            if running:
                time.sleep(PAUSE_S)
    return outcome


def _next(
    waiting: list[Job],
    makers: dict[str, str],
    open_jobs: set[str],
    lost: set[str],
    outcome: Outcome,
) -> list[Job]:
    """Jobs that can start; those that never will are taken out."""
    ready = []
    for job in list(waiting):
        needs = {makers[file] for file in job.inputs}
        if needs & lost:
            waiting.remove(job)
            open_jobs.discard(job.outputs[0])
            lost.add(job.outputs[0])
            outcome.skipped.append(job)
        elif not needs & open_jobs:
            ready.append(job)
    return ready


def _start(job: Job, place: int, gpus: str | None, logs: Path) -> Running:
    environment = dict(os.environ)
    if gpus is not None:
        environment["CUDA_VISIBLE_DEVICES"] = gpus
    with _log(job, logs).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sparsetool", *job.words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # ^C comes to this program alone, which passes it on
        )
    return Running(job, process, place)


def _log(job: Job, logs: Path) -> Path:
    return logs / f"{Path(job.outputs[0]).name}.log"


def _last_line(job: Job, logs: Path) -> str:
    said = _log(job, logs).read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in reversed(said) if line.strip()), "it said nothing")


@contextlib.contextmanager
def _stopping() -> Iterator[list[Running]]:
    """A list of running jobs, none of which outlives the block."""
    running: list[Running] = []
    try:
        yield running
    finally:
        for each in running:
            with contextlib.suppress(ProcessLookupError):
                each.process.terminate()
        for each in running:
            each.process.wait()
