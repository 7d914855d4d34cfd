"""A recipe as jobs: calls are followed through pipes, files, globs and branches."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from sparsetool import recipes
from sparsetool.cli import main
from sparsetool.cli.targets import Target
from sparsetool.cli.train.request import Session
from sparsetool.errors import SparsetoolError
from sparsetool.plugins.engines import final
from sparsetool.training.epochs import cut
from tests.pipelines.following import calls, lines, made, recipe_jobs, syntax, written

# -- what the words of a call are ----------------------------------------------------------------


def test_every_option_with_a_path_has_its_kind() -> None:
    """A new one must be looked at: is it read or written?"""
    paths = {
        (name, kind)
        for each in syntax().values()
        for name, kind in each.options.values()
        if kind not in ("flag", "value")
    }
    read = {"from", "to", "union", "intersect", "parent", "rewind"}
    written = {"plot", "table", "log", "scores", "final"}
    assert paths <= {
        *((name, "read") for name in read),
        *((name, "written") for name in written),
        ("output", "result"),
        ("config", "read"),
        ("save-epoch", "marked"),
        ("keep", "kept"),
        ("out-dir", "named"),
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


def test_results_under_their_files_names() -> None:
    found = made("""
        for seed in 0 1; do sparsetool init mlp --seed $seed -o $OUT/seed-$seed.st; done
        sparsetool train-cycles --n 2 --keep $OUT/kept $OUT/seed-*.st --out-dir $OUT/trained
        sparsetool eval $OUT/trained/*.st $OUT/kept/seed-1/cycle-2.st -o $OUT/eval.jsonl
    """)
    train, measure = found[2:]
    kept = [f"out/kept/seed-{seed}/cycle-{k}.st" for seed in (0, 1) for k in (1, 2)]
    trained = [f"out/trained/seed-{seed}.st" for seed in (0, 1)]
    assert sorted(train.outputs) == [*kept, *trained]
    assert measure.inputs == (*trained, kept[3])


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


def test_the_users_own_folder_comes_back(tmp_path: Path) -> None:
    found = made("sparsetool init mlp -o $OUT/a.st", OUT=f"{tmp_path}/some/where")
    assert found[0].outputs == (f"{tmp_path}/some/where/a.st",)
    assert not list(tmp_path.iterdir()), "nothing is made there"


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
    [(3, 2, 0, None, None), (3, 4, 1, 9, 2), (3, 4, 3, 1, None), (2, 5, 0, 5, 3), (2, 4, 3, 4, 5)],
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
        main.load_verb(job.words[0]).make_context(job.words[0], list(job.words[1:]))
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
