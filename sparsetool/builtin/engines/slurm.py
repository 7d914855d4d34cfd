"""A script that submits Slurm arrays: one per depth, each after the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from shlex import join, quote

from ...plugins.engines import Job, folders

RUN = "bash FILE --time=4:00:00"
LARGEST = 1000  # tasks of an array: Slurm's default limit, unless the administrator raised it
HEAD = r"""#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
set -euo pipefail

# Jobs by number, in levels: those of one level need nothing of each other.
job() {
  case $1 in
"""
TAIL = r"""  *) echo "there is no job $1" >&2 && exit 2 ;;
  esac
}

# A task of an array. Two minutes before its time is over Slurm sends USR1, which is handed on: a
# training keeps its progress and exits 75, and the task is queued again.
if [[ ${SLURM_ARRAY_TASK_ID:-} ]]; then
  told= code=0
  job $(($1 + SLURM_ARRAY_TASK_ID)) &
  child=$!
  trap 'told=1; kill -USR1 "$child" || true' USR1
  wait "$child" || code=$?
  while [[ $told ]]; do # the signal ended the wait, not the job
    told= code=0
    wait "$child" || code=$?
  done
  if [[ $code -eq 75 ]]; then scontrol requeue "$SLURM_JOB_ID"; fi
  exit "$code"
fi

# Started by hand: submit every level. Further words are options of sbatch.
if [[ ! -f $0 ]]; then
  echo "save this to a file first, which every task runs: bash FILE [OPTION of sbatch ...]" >&2
  exit 2
fi
before= now=
submit() { # submit COUNT FIRST [OPTION...]: as many jobs, from that number on
  local count=$1 first=$2 id
  shift 2
  id=$(sbatch --parsable --array="0-$((count - 1))" $before "$@" "$0" "$first")
  now=$now:${id%%;*}
}
next_level() { before="--dependency=afterok$now --kill-on-invalid-dep=yes" now=; }
"""


def text(title: str, jobs: Sequence[Job]) -> str:
    """One script that is both: what submits the arrays, and what their tasks run."""
    ordered = sorted(jobs, key=lambda job: job.depth)
    cases = [f"  {number}) exec {job.line} ;;" for number, job in enumerate(ordered)]
    comments = [f"# {line}" for line in title.splitlines()]
    lines = ["#!/usr/bin/env bash", *comments, HEAD + "\n".join(cases), TAIL.rstrip("\n")]
    if made := folders(jobs):
        lines.append(f"mkdir -p {join(made)}")
        lines.append(f'set -- --output={quote(made[0])}/slurm-%A_%a.out "$@"')
    first = 0
    for _, level in groupby(ordered, key=lambda job: job.depth):
        left = len(list(level))
        while left:
            part = min(left, LARGEST)
            lines.append(f'submit {part} {first} "$@"')
            first, left = first + part, left - part
        lines.append("next_level")
    return "\n".join(lines) + "\n"
