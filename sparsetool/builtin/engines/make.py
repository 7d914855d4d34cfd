"""A Makefile, for GNU make 4.3 or newer."""

from __future__ import annotations

from collections.abc import Sequence

from ...plugins.engines import Job, check_names, final, folders

RUN = "make -j 4 -f FILE"


def text(title: str, jobs: Sequence[Job]) -> str:
    """One rule per job; a job of several files is a rule with grouped targets."""
    check_names(jobs, "make")
    lines = [
        *(f"# {line}" for line in title.splitlines()),
        "ifeq (,$(filter grouped-target,$(.FEATURES)))",
        "$(error rules that make several files need GNU make 4.3 or newer)",
        "endif",
        "SHELL := bash",
        ".DELETE_ON_ERROR:",
        ".PHONY: all",
        "",
        f"all: {_several(final(jobs))}",
        "",
    ]
    # Not as ordinary prerequisites: a folder is newer than the files in it.
    made = folders(jobs)
    if made:
        lines += [f"{' '.join(made)}:", "\tmkdir -p $@", ""]
    for job in jobs:
        colon = ":" if len(job.outputs) == 1 else " &:"
        needed = [_several(job.inputs), *(["|", *folders([job])] if folders([job]) else [])]
        lines.append(" ".join([_several(job.outputs) + colon, *filter(None, needed)]))
        lines += ["\t" + job.line.replace("$", "$$"), ""]
    return "\n".join(lines)


def _several(files: Sequence[str]) -> str:
    return " \\\n    ".join(files)
