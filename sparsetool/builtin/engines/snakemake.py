"""A Snakefile: the same jobs as rules of Snakemake, for a cluster or a cloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from ...plugins.engines import Job, check_names, final

RUN = "snakemake --cores 4 -s FILE"


def text(title: str, jobs: Sequence[Job]) -> str:
    """One rule per job, named after the file it makes; jobs with `--threads N` count as N cores."""
    check_names(jobs, "snakemake")
    lines = [f"# {line}" for line in title.splitlines()]
    lines += ["", "rule all:", *_files("input", final(jobs)), ""]
    taken = {"all"}
    for job in jobs:
        lines += ["", f"rule {_name(job, taken)}:"]
        lines += [*_files("input", job.inputs), *_files("output", job.outputs)]
        # Braces would be replaced by Snakemake's own values.
        command = job.line.replace("{", "{{").replace("}", "}}")
        if (threads := dict(pairwise(job.words)).get("--threads", "")).isdecimal():
            lines.append(f"    threads: {threads}")
        lines += ["    shell:", f"        {command!r}", ""]
    return "\n".join(lines)


def _name(job: Job, taken: set[str]) -> str:
    """A rule's name: letters, digits and `_`, unlike all others."""
    stem = re.sub(r"\W+", "_", PurePosixPath(job.outputs[0]).name)
    name = stem = stem if stem[0].isalpha() else f"_{stem}"
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


def _files(kind: str, files: Sequence[str]) -> list[str]:
    return [f"    {kind}:", *(f"        {file!r}," for file in files)] if files else []
