"""`recipe --as`: the same experiment as jobs, run by make, Snakemake and a made-up Slurm."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sparsetool.plugins import find
from tests.docs.shells import needed
from tests.pipelines.following import made, recipe_jobs, written
from tests.verbs.shell import Shell

ENGINES = find.members("engines")


def tickets(folder: Path) -> dict[str, bytes]:
    """Final tickets of sculpt, their bytes by name."""
    names = [f"{method}-0.9-0.st" for method in ("sculpt", "random", "lrr")]
    return {name: (folder / "sculpt-smoke" / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run folders of all: a training with other options or another input would not find its own."""
    return tmp_path_factory.mktemp("engines") / "state"


@pytest.fixture(scope="module")
def by_bash(tmp_path_factory: pytest.TempPathFactory, state: Path, quick: Path) -> dict[str, bytes]:
    shell = Shell(tmp_path_factory.mktemp("bash") / "work", state)
    shell.env["PATH"] = f"{quick}:{shell.env['PATH']}"
    done = shell.bash("set -o pipefail; sparsetool recipe sculpt | SCALE=smoke bash", timeout=400)
    assert done.code == 0, done.err
    return tickets(shell.cwd)


def engine_shell(folder: Path, state: Path, quick: Path, engine: str) -> Shell:
    shell = Shell(folder / "work", state)
    shell.env["PATH"] = f"{quick}:{shell.env['PATH']}"
    shell.env["SCALE"] = "smoke"
    shell.ok("recipe", "sculpt", "--as", engine, "-o", "jobs")
    return shell


def test_make_gives_the_same_bytes(
    tmp_path: Path, state: Path, quick: Path, by_bash: dict[str, bytes]
) -> None:
    needed("make")
    shell = engine_shell(tmp_path, state, quick, "make")
    done = shell.bash("make -j 2 -f jobs", timeout=400)
    assert done.code == 0, done.err
    assert tickets(shell.cwd) == by_bash
    out = shell / "sculpt-smoke"
    assert (out / "sculpt.png").read_bytes().startswith(b"\x89PNG")
    before = shell.snapshot()
    assert b"Nothing to be done" in shell.bash("make -f jobs").out
    (out / "sculpt.csv").unlink()  # one of two files of a job
    masked = next(job for job in recipe_jobs("sculpt") if job.words[0] == "mask")
    (shell.cwd / masked.outputs[0]).unlink()
    assert masked.line in shell.bash("make -n -f jobs").out.decode()
    shell.env["PATH"] = shell.env["PATH"].removeprefix(f"{quick}:")
    done = shell.bash("make -j 2 -f jobs", torch=False, timeout=400)
    assert done.code == 0, done.err
    assert set(shell.snapshot()) == set(before)


def test_the_readmes_lines_write_what_they_run(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    shown = re.findall(
        r"^SCALE=\w+ (?:THREADS=\d+ )?(sparsetool recipe \w+ --as (\w+) -o (\S+)) && (.*)$",
        readme.read_text(encoding="utf-8"),
        re.M,
    )
    assert {engine for _, engine, _, _ in shown} == set(ENGINES)
    shell = Shell(tmp_path / "work", tmp_path / "state")
    shell.env["SCALE"] = "smoke"
    for line, engine, file, run in shown:
        shell.ok(*shlex.split(line)[1:])
        member = find.load("engines", engine)
        program = member.RUN.split()[0]
        assert run.split()[0] == program
        assert file in run or file == "Snakefile", "which Snakemake looks for by itself"
        assert f"Run: {member.RUN}" in (shell / file).read_text()


def test_jobs_may_take_more_threads_than_there_are_here(shell: Shell) -> None:
    shell.env |= {"SCALE": "smoke", "THREADS": "5000", "SEEDS": "3 4"}
    told = "Made by: SCALE=smoke SEEDS='3 4' THREADS=5000 sparsetool recipe sculpt --as"
    for engine in ENGINES:
        text = shell.ok("recipe", "sculpt", "--as", engine).out.decode()
        assert told in text.splitlines()[engine == "slurm"]
        assert "train-cycles --epochs 1 --threads 5000 " in text
    rules = shell.ok("recipe", "sculpt", "--as", "snakemake").out.decode().split("\nrule ")[2:]
    for rule in rules:
        assert ("    threads: 5000\n" in rule) == ("--threads 5000" in rule)
    shell.refuses(1, "recipe", "sculpt", "--plan", says="5000 threads does not fit")


def test_make_passes_words_on_and_removes_what_failed(tmp_path: Path) -> None:
    needed("make")
    shell = Shell(tmp_path / "work", tmp_path / "state")
    title = "a $b {c} % # 'd'"
    found = made(f"sparsetool plot schedule cosine --title {shlex.quote(title)} -o $OUT/p.png")
    (shell / "jobs").write_text(written("make", found))
    assert found[0].line in shell.bash("make -n -f jobs").out.decode()
    program = shell.bin / "sparsetool"
    program.write_text("#!/bin/sh\necho half >out/p.png\nexit 1\n")
    assert shell.bash("make -f jobs").code == 2
    assert not (shell / "out" / "p.png").exists()


def test_snakemake_gives_the_same_bytes(
    tmp_path: Path, state: Path, quick: Path, by_bash: dict[str, bytes]
) -> None:
    shell = engine_shell(tmp_path, state, quick, "snakemake")
    done = shell.bash("snakemake --cores 2 -s jobs", timeout=400)
    assert done.code == 0, done.err
    assert tickets(shell.cwd) == by_bash
    done = shell.bash("snakemake --cores 2 -s jobs", timeout=400)
    assert "Nothing to be done" in done.err + done.out.decode()


SBATCH = r"""#!/usr/bin/env bash
# Runs every task at once. Like the real one it works on a copy of the script.
set -euo pipefail
[[ " $* " == *" --parsable "* ]]
echo "$*" >>submitted
id=$((100 + $(wc -l <submitted)))
while [[ $1 == --* ]]; do
  case $1 in
  --array=0-*) last=${1#--array=0-} ;;
  --dependency=afterok:*) for other in ${1#*afterok}; do :; done ;;
  esac
  shift
done
copy=$(mktemp)
cp "$1" "$copy"
shift
for ((task = 0; task <= last; task++)); do
  SLURM_JOB_ID=$id SLURM_ARRAY_TASK_ID=$task bash "$copy" "$@" >&2 || echo "$id failed" >>failed
done
rm "$copy"
echo "$id;cluster"
"""


def fake(shell: Shell, name: str, text: str) -> None:
    (shell.bin / name).write_text(text)
    (shell.bin / name).chmod(0o755)


def test_slurm_submits_a_level_after_the_other(
    tmp_path: Path, state: Path, quick: Path, by_bash: dict[str, bytes]
) -> None:
    shell = engine_shell(tmp_path, state, quick, "slurm")
    fake(shell, "sbatch", SBATCH)
    done = shell.bash("bash jobs --time=4:00:00", timeout=400)
    assert done.code == 0, done.err
    assert not (shell / "failed").exists(), done.err
    assert tickets(shell.cwd) == by_bash
    levels = (shell / "submitted").read_text().splitlines()
    depths = [job.depth for job in recipe_jobs("sculpt")]
    assert len(levels) == max(depths)
    first = 0
    for number, level in enumerate(levels):
        count = depths.count(number + 1)
        assert f"--array=0-{count - 1} " in level
        assert level.endswith(f"--time=4:00:00 jobs {first}")
        needs = re.findall(r"--dependency=afterok:(\S+) --kill-on-invalid-dep=yes", level)
        assert needs == ([str(100 + number)] if number else [])
        first += count


def test_slurm_splits_what_is_too_many_for_one_array(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "work", tmp_path / "state")
    many = "\n".join(f"sparsetool init mlp --seed {k} -o $OUT/{k}.st" for k in range(1003))
    found = made(f"{many}\nsparsetool diff $OUT/*.st -o $OUT/d.jsonl")
    (shell / "jobs").write_text(written("slurm", found))
    fake(shell, "sbatch", '#!/bin/sh\necho "$@" >>submitted\nwc -l <submitted\n')
    assert shell.bash("bash jobs").code == 0
    whole, rest, last = (shell / "submitted").read_text().splitlines()
    assert "--array=0-999 " in whole
    assert whole.endswith(" jobs 0")
    assert "--array=0-2 " in rest
    assert rest.endswith(" jobs 1000")
    assert "--dependency=afterok:1:2 " in last
    assert last.endswith(" jobs 1003")
    refused = shell.bash("bash < jobs")
    assert refused.code == 2
    assert "save this to a file" in refused.err


def test_slurm_hands_the_signal_on_and_queues_again(tmp_path: Path) -> None:
    """The program gets USR1, says 75 when it has kept its progress, and is asked for again."""
    shell = Shell(tmp_path / "work", tmp_path / "state")
    (shell / "jobs").write_text(written("slurm", made("sparsetool init mlp -o $OUT/a.st")))
    assert re.search(r"^#SBATCH --signal=B:USR1@120$", (shell / "jobs").read_text(), re.M)
    assert re.search(r"^#SBATCH --requeue$", (shell / "jobs").read_text(), re.M)
    fake(shell, "scontrol", '#!/bin/sh\necho "$@" >asked\n')
    fake(
        shell,
        "sparsetool",
        "#!/bin/bash\ntrap 'sleep 0.2; exit 75' USR1\n: >started\n"
        "for ((k = 0; k < 600; k++)); do sleep 0.1; done\n",
    )
    environment = shell.environment(SLURM_ARRAY_TASK_ID="0", SLURM_JOB_ID="4711")
    process = subprocess.Popen(["bash", "jobs", "0"], cwd=shell.cwd, env=environment)
    end = time.monotonic() + 60
    while not (shell / "started").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(0.5)  # by now the script waits for it
    process.send_signal(signal.SIGUSR1)
    assert process.wait(timeout=60) == 75
    assert (shell / "asked").read_text() == "requeue 4711\n"
    (shell / "asked").unlink()
    fake(shell, "sparsetool", "#!/bin/sh\nexit 3\n")
    done = subprocess.run(["bash", "jobs", "0"], cwd=shell.cwd, env=environment, check=False)
    assert done.returncode == 3
    assert not (shell / "asked").exists()
