"""`recipe --as`: the same experiment as jobs, run by make, Snakemake and a made-up Slurm."""

from __future__ import annotations

import functools
import importlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sparsetool import cli, recipes, registry
from sparsetool.engines import Job, final
from sparsetool.errors import SparsetoolError
from sparsetool.grammar import grammar
from sparsetool.recipes.jobs import jobs
from sparsetool.recipes.recording import Call, Grammar, record
from sparsetool.session import Session
from sparsetool.stream import Target
from sparsetool.training.settings import cut
from tests.verbs.shell import Shell

ENGINES = registry.members("engines")


@functools.cache
def syntax() -> Grammar:
    return grammar()


def calls(script: str, **env: str) -> list[Call]:
    text = f"set -euo pipefail\n: ${{OUT:=out}}\nmkdir -p $OUT\n{script}\n"
    return list(record("test", text, {**os.environ, **env}, syntax()).calls)


def made(script: str, **env: str) -> list[Job]:
    return jobs(calls(script, **env), syntax())


def lines(script: str, **env: str) -> list[str]:
    return [job.line.removeprefix("sparsetool ") for job in made(script, **env)]


@functools.cache
def recipe_jobs(name: str, scale: str = "smoke") -> list[Job]:
    return jobs(recipes.recorded(name, {**os.environ, "SCALE": scale}, syntax()).calls, syntax())


def written(engine: str, found: list[Job]) -> str:
    return importlib.import_module(f"sparsetool.engines.{engine}").text("two\nlines", found)


# -- what the words of a call are ----------------------------------------------------------------


def test_every_option_with_a_path_has_its_kind() -> None:
    """A new one must be looked at: is it read or written?"""
    paths = {
        (name, kind)
        for each in syntax().values()
        for name, kind in each.options.values()
        if kind not in ("flag", "value")
    }
    read = {"from", "to", "union", "intersect", "parent"}
    written = {"plot", "table", "log"}
    assert paths == {
        *((name, "read") for name in read),
        *((name, "written") for name in written),
        ("output", "result"),
        ("save-epoch", "marked"),
        ("keep", "kept"),
    }


def test_what_reads_files_and_what_writes_lines() -> None:
    reads = {verb: each.reads for verb, each in syntax().items()}
    assert {"init": 0, "recipe": 0, "plot": 2, "mask": 1, "eval": 1}.items() <= reads.items()
    rows = {verb for verb, each in syntax().items() if each.rows}
    assert {"eval", "lmc", "flops"} <= rows
    assert not {"mask", "init", "train-cycles", "export"} & rows


# -- calls and jobs ------------------------------------------------------------------------------


def test_a_pipe_becomes_files() -> None:
    assert lines("""
        sparsetool init mlp --seed 3 -o $OUT/a.st
        sparsetool mask --random --global 0.5 $OUT/a.st | sparsetool train-cycles --epochs 2 |
          sparsetool prune --global 0.9 - | sparsetool train-cycles --output=$OUT/b.st
    """) == [
        "init mlp --seed 3 -o out/a.st",
        "mask --random --global 0.5 out/a.st -o out/b.mask.st",
        "train-cycles --epochs 2 out/b.mask.st -o out/b.train-cycles.st",
        "prune --global 0.9 out/b.train-cycles.st -o out/b.prune.st",
        "train-cycles --output=out/b.st out/b.prune.st",
    ]


def test_files_are_followed_through_options_globs_and_branches() -> None:
    found = made("""
        sparsetool init mlp -o $OUT/a.st
        train() { sparsetool train-cycles --n 3 --epochs 2 "$@"; }
        train --keep $OUT/kept --save-epoch 1:$OUT/warm.st --log $OUT/log.jsonl \\
          $OUT/a.st -o $OUT/b.st
        sparsetool mask --from $OUT/b.st $OUT/a.st |
          sparsetool rewind --to $OUT/warm.st -o $OUT/c.st &
        wait $!
        sparsetool lmc --plot $OUT/lmc.png $OUT/kept/cycle-*.st -o $OUT/lmc.jsonl
    """)
    _, train, mask, rewind, lmc = found
    kept = tuple(f"out/kept/cycle-{k}.st" for k in (1, 2, 3))
    assert set(train.outputs) == {*kept, "out/warm.st", "out/log.jsonl", "out/b.st"}
    assert mask.inputs == ("out/a.st", "out/b.st")
    assert rewind.inputs == ("out/c.mask.st", "out/warm.st")
    assert lmc.inputs == kept
    assert lmc.outputs == ("out/lmc.png", "out/lmc.jsonl")
    assert [job.depth for job in found] == [1, 2, 3, 4, 3]


def test_a_call_made_twice_is_one_job() -> None:
    assert lines("""
        for name in b c; do
          sparsetool init mlp -o $OUT/a.st
          sparsetool mask --random --global 0.5 $OUT/a.st | sparsetool train-cycles -o $OUT/$name.st
        done
    """) == [
        "init mlp -o out/a.st",
        "mask --random --global 0.5 out/a.st -o out/b.mask.st",
        "train-cycles -o out/b.st out/b.mask.st",
        "train-cycles -o out/c.st out/b.mask.st",
    ]


def test_equal_words_on_other_inputs_are_other_jobs() -> None:
    found = lines("""
        for seed in 0 1; do
          sparsetool init mlp --seed $seed | sparsetool mask --random --global 0.5 -o $OUT/$seed.st
        done
    """)
    assert len(found) == 4
    assert found[3] == "mask --random --global 0.5 -o out/1.st out/1.init.st"


def test_measures_go_through_pipes_as_lines_and_several_at_once() -> None:
    assert lines("""
        sparsetool init mlp -o $OUT/a.st
        { sparsetool eval $OUT/a.st; sparsetool eval --split train $OUT/a.st; } |
          sparsetool plot sweep -o $OUT/p.png --table -
    """) == [
        "init mlp -o out/a.st",
        "eval out/a.st -o out/p.eval.jsonl",
        "eval --split train out/a.st -o out/p.eval1.jsonl",
        "plot sweep -o out/p.png out/p.eval.jsonl out/p.eval1.jsonl",
    ]


def test_what_is_only_shown_is_no_job() -> None:
    assert lines("""
        sparsetool init mlp -o $OUT/a.st
        sparsetool show $OUT/a.st | cat
        sparsetool eval $OUT/a.st | sparsetool plot sweep --terminal
    """) == ["init mlp -o out/a.st"]


def test_words_of_any_kind_are_kept() -> None:
    title = "a 'b' \"c\" $d {e} %\tf"
    (job,) = made(f"sparsetool plot schedule cosine '' --title {shlex.quote(title)} -o $OUT/p.png")
    assert job.words == ("plot", "schedule", "cosine", "", "--title", title, "-o", "out/p.png")
    many = " ".join(f"{'x' * 60}-{k}" for k in range(500))
    (job,) = made(f"sparsetool plot schedule {many} -o $OUT/p.png")
    assert len(job.words) == 504


def test_the_users_own_folder_comes_back() -> None:
    found = made("sparsetool init mlp -o $OUT/a.st", OUT="/somewhere/else")
    assert found[0].outputs == ("/somewhere/else/a.st",)
    assert not Path("/somewhere").exists()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("cat /dev/null | sparsetool mask --random --global 0.5 -o $OUT/a.st", "no verb wrote"),
        ("echo x | sparsetool mask --random --global 0.5 -o $OUT/a.st", "no verb wrote"),
        ("sparsetool init mlp -o $OUT/a.st; sparsetool init vgg16 -o $OUT/a.st", "two jobs write"),
        ("sparsetool inti mlp", "calls no verb: sparsetool inti mlp"),
        ("sparsetool init mlp -o $OUT/no/a.st", "No such file"),
        ("sparsetool train-cycles --keep $OUT --keep-every 2 a.st", "write --epochs"),
        ("false", "exit 1"),
    ],
)
def test_what_cannot_be_jobs_is_refused(script: str, words: str) -> None:
    with pytest.raises(SparsetoolError, match=words):
        made(script)


@pytest.mark.parametrize(
    ("n", "epochs", "first", "stop", "every"),
    [(3, 2, 0, None, None), (3, 4, 1, 9, 2), (3, 4, 3, 1, None), (2, 5, 0, 5, 3), (1, 3, 0, 2, 5)],
)
def test_kept_tickets_are_those_that_training_writes(
    n: int, epochs: int, first: int, stop: int | None, every: int | None
) -> None:
    each = cut([epochs - first, *[epochs] * (n - 1)], stop)
    session = Session(job=None, n=n, keep="out/k", keep_every=every)  # type: ignore[arg-type]
    wanted = {str(path) for path in session._files(Target(None), each)}
    options = f"--n {n} --epochs {epochs} --from-epoch {first} --keep $OUT/k"
    options += f" --stop-after {stop}" if stop else ""
    options += f" --keep-every {every}" if every else ""
    (call,) = calls(f"sparsetool train-cycles a.st {options}")
    assert set(call.outputs) == wanted


# -- every recipe --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", recipes.names())
def test_the_jobs_of_a_recipe_are_verbs_on_files(name: str) -> None:
    ready: set[str] = set()
    found = recipe_jobs(name)
    for job in found:
        assert set(job.inputs) <= ready, "after those whose files it reads"
        ready |= set(job.outputs)
        assert "-" not in job.words
        cli.load_verb(job.words[0]).make_context(job.words[0], list(job.words[1:]))
    ends = final(found)
    assert {Path(file).suffix for file in ends} & {".png", ".csv", ".md"}


@pytest.mark.parametrize("name", recipes.names())
def test_the_jobs_of_a_recipe_are_sound_files(name: str) -> None:
    script = written("slurm", recipe_jobs(name))
    assert subprocess.run(["bash", "-n"], input=script.encode(), check=False).returncode == 0
    makefile = written("make", recipe_jobs(name))
    for job in recipe_jobs(name):
        assert f"\n\t{job.line.replace('$', '$$')}\n" in makefile


def test_the_papers_size_is_followed_too() -> None:
    found = recipe_jobs("sculpt", "paper")
    assert len(found) > 200
    assert sum(job.words[0] == "init" for job in found) == 3


# -- run by engines --------------------------------------------------------------------------------


def tickets(folder: Path) -> dict[str, bytes]:
    """Final tickets of sculpt, their bytes by name."""
    names = [f"{method}-0.9-0.st" for method in ("sculpt", "random", "lrr")]
    return {name: (folder / "sculpt-smoke" / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run folders of all: a training with other options or another input would not find its own."""
    return tmp_path_factory.mktemp("engines") / "state"


@pytest.fixture(scope="module")
def by_bash(tmp_path_factory: pytest.TempPathFactory, state: Path) -> dict[str, bytes]:
    shell = Shell(tmp_path_factory.mktemp("bash") / "work", state)
    done = shell.bash("set -o pipefail; sparsetool recipe sculpt | SCALE=smoke bash", timeout=400)
    assert done.code == 0, done.err
    return tickets(shell.cwd)


def engine_shell(folder: Path, state: Path, engine: str) -> Shell:
    shell = Shell(folder / "work", state)
    shell.env["SCALE"] = "smoke"
    shell.ok("recipe", "sculpt", "--as", engine, "-o", "jobs")
    return shell


def test_make_gives_the_same_bytes(tmp_path: Path, state: Path, by_bash: dict[str, bytes]) -> None:
    shell = engine_shell(tmp_path, state, "make")
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
    done = shell.bash("make -j 2 -f jobs", torch=False, timeout=400)
    assert done.code == 0, done.err
    assert set(shell.snapshot()) == set(before)


def test_the_readmes_lines_write_what_they_run(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    shown = re.findall(
        r"^SCALE=\w+ (sparsetool recipe \w+ --as (\w+) -o (\S+)) && (.*)$",
        readme.read_text(encoding="utf-8"),
        re.M,
    )
    assert {engine for _, engine, _, _ in shown} == set(ENGINES)
    shell = Shell(tmp_path / "work", tmp_path / "state")
    shell.env["SCALE"] = "smoke"
    for line, engine, file, run in shown:
        shell.ok(*shlex.split(line)[1:])
        member = registry.load("engines", engine)
        program = member.RUN.split()[0]
        assert run.split()[0] == program
        assert file in run or file == "Snakefile", "which Snakemake looks for by itself"
        assert f"Run: {member.RUN}" in (shell / file).read_text()


def test_make_passes_words_on_and_removes_what_failed(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "work", tmp_path / "state")
    title = "a $b {c} % # 'd'"
    found = made(f"sparsetool plot schedule cosine --title {shlex.quote(title)} -o $OUT/p.png")
    (shell / "jobs").write_text(written("make", found))
    assert found[0].line in shell.bash("make -n -f jobs").out.decode()
    program = shell.bin / "sparsetool"
    program.write_text("#!/bin/sh\necho half >out/p.png\nexit 1\n")
    assert shell.bash("make -f jobs").code == 2
    assert not (shell / "out" / "p.png").exists()


@pytest.mark.skipif(shutil.which("snakemake") is None, reason="pip install '.[test]' brings it")
def test_snakemake_gives_the_same_bytes(
    tmp_path: Path, state: Path, by_bash: dict[str, bytes]
) -> None:
    shell = engine_shell(tmp_path, state, "snakemake")
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
    tmp_path: Path, state: Path, by_bash: dict[str, bytes]
) -> None:
    shell = engine_shell(tmp_path, state, "slurm")
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
        "#!/bin/bash\ntrap 'sleep 0.2; exit 75' USR1\n: >started\nsleep 60 & wait $!\n",
    )
    environment = shell.environment(SLURM_ARRAY_TASK_ID="0", SLURM_JOB_ID="4711")
    process = subprocess.Popen(["bash", "jobs", "0"], cwd=shell.cwd, env=environment)
    end = time.monotonic() + 60
    while not (shell / "started").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGUSR1)
    assert process.wait(timeout=60) == 75
    assert (shell / "asked").read_text() == "requeue 4711\n"
    (shell / "asked").unlink()
    fake(shell, "sparsetool", "#!/bin/sh\nexit 3\n")
    done = subprocess.run(["bash", "jobs", "0"], cwd=shell.cwd, env=environment, check=False)
    assert done.returncode == 3
    assert not (shell / "asked").exists()
