"""Completions: generated, up to date, and right in the real shells (those that are installed)."""

from __future__ import annotations

import os
import pty
import select
import time
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
import typer

from sparsetool.cli import completion, main, options
from sparsetool.plugins import find
from tests.docs.shells import FILES, FOLDERS, Asked, needed

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "completions"


@pytest.fixture(params=["bash", "zsh", "fish"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    needed(request.param)
    return Asked(request.param, tmp_path)


def parameters(verb: str) -> list:
    return main.load_verb(verb).params


def long_options(verb: str) -> set[str]:
    return {name for p in parameters(verb) for name in p.opts if name.startswith("--")} | {"--help"}


VERBS = find.members("verbs")


@pytest.mark.parametrize("name", ["sparsetool.bash", "_sparsetool", "sparsetool.fish"])
def test_committed_scripts_are_those_the_verbs_make(name):
    assert (SCRIPTS / name).read_text(encoding="utf-8") == completion.scripts()[name], (
        "a verb, an option or a member of a family has changed; run:"
        " python -m sparsetool.cli.completion --write completions"
    )


def test_an_installation_puts_them_where_shells_look():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {
        "completions/sparsetool.bash": "share/bash-completion/completions/sparsetool",
        "completions/_sparsetool": "share/zsh/site-functions/_sparsetool",
        "completions/sparsetool.fish": "share/fish/vendor_completions.d/sparsetool.fish",
    }


def test_verbs_and_options(ask):
    expected = {
        "sparsetool ": set(VERBS),
        "sparsetool ma": {"mask"},
        "sparsetool tr": {verb for verb in VERBS if verb.startswith("tr")},
        "sparsetool --": {"--version", "--help"},
        "sparsetool mask --ra": {o for o in long_options("mask") if o.startswith("--ra")},
        "sparsetool mask a.st --ra": {o for o in long_options("mask") if o.startswith("--ra")},
        **{f"sparsetool {verb} --": long_options(verb) for verb in VERBS},
    }
    assert ask.words(*expected) == expected
    assert not ask.trace.exists(), "completing started a program"


def test_known_values(ask):
    values = {
        "init ": find.members("models"),
        "init --data ": find.members("datasets"),
        "init --data=": find.members("datasets"),
        "init --data di": ["digits"],
        "init --data=di": ["digits"],
        "init --seed 3 ml": ["mlp"],
        "init mlp --data digits ": [],
        "rewind --what ": ["all", "weights", "buffers"],
        "rewind --what=": ["all", "weights", "buffers"],
        "rewind --to a.st --what=w": ["weights"],
        "train-cycles --schedule ": find.members("schedules"),
        "train-cycles --precision ": find.literal(find.TOP / "compute/device.py", "PRECISIONS"),
        "train-cycles --optimizer ": find.members("optimizers"),
        "eval --device ": find.literal(find.TOP / "compute/device.py", "DEVICES"),
        "eval --split=t": ["train", "test"],
        "plot ": find.members("plots"),
        "plot layers ": FILES,
        "recipe ": {path.stem for path in (ROOT / "sparsetool" / "recipes").glob("*.sh")},
    }
    expected = {f"sparsetool {line}": set(words) for line, words in values.items()}
    assert ask.words(*expected) == expected


def test_runs_and_tickets(ask):
    runs = Path(ask.env["HOME"], ".local", "state", "sparsetool", "runs")
    for name in ("3f2a", "77bc"):
        (runs / name).mkdir(parents=True)
    for name in ("notes.txt", "b.jsonl"):
        (ask.folder / name).touch()
    expected = {"sparsetool runs ": {"3f2a", "77bc"}, "sparsetool runs 3": {"3f2a"}}
    if ask.shell != "fish":  # which offers all files
        expected |= {"sparsetool mask ": FILES, "sparsetool mask no": {"notes.txt"}}
    assert ask.words(*expected) == expected


@pytest.mark.parametrize(("shell", "name"), [("bash", "sparsetool.bash"), ("zsh", "_sparsetool")])
def test_a_script_is_printed_without_a_checkout(capfd, shell, name):
    with pytest.raises(SystemExit) as stop:
        main.main(["completion", shell])
    assert not stop.value.code
    assert capfd.readouterr().out == (SCRIPTS / name).read_text(encoding="utf-8")


def test_files_and_folders(ask):
    expected = {
        "sparsetool mask ": FILES,
        "sparsetool mask a": {"a.st"},
        "sparsetool mask fol": FOLDERS,
        "sparsetool mask a.st ": FILES,
        "sparsetool export a.st ": set(),
        "sparsetool mask --balanced 0.5 ": FILES,
        "sparsetool mask --balanced=0.5 a": {"a.st"},
        "sparsetool mask --from=a": {"a.st"},
        "sparsetool show a.st ": FILES,
        "sparsetool train-cycles --save-epoch 3:a": {"a.st"},
        "sparsetool train-cycles --save-epoch 3:a.st a": {"a.st"},
        "sparsetool nonsense ": set(),
    }
    for verb in VERBS:
        for p in parameters(verb):
            metavar = p.metavar or ""
            if p.param_type_name == "option" and metavar in ("FILE", "DIR", "N"):
                wanted = {"FILE": FILES, "DIR": FOLDERS, "N": set()}[metavar]
                expected |= {f"sparsetool {verb} {name} ": wanted for name in p.opts}
    assert ask.words(*expected) == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_descriptions(shell, tmp_path):
    needed(shell)
    ask = Asked(shell, tmp_path)
    found = ask("sparsetool ", "sparsetool mask --", "sparsetool init ")
    assert found["sparsetool "] == {verb: find.summary("verbs", verb) for verb in VERBS}
    assert found["sparsetool mask --"]["--magnitude"] == find.summary("criteria", "magnitude")
    assert found["sparsetool init "]["mlp"] == find.summary("models", "mlp")


def test_bash_quotes_a_name_and_marks_a_folder(tmp_path):
    """Typed at a real prompt: what readline makes of the words."""
    ask = Asked("bash", tmp_path)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ask.folder)
        os.execvpe(
            "bash",
            ["bash", "--norc", "--noprofile", "-i"],
            {**ask.env, "INPUTRC": "/dev/null", "PS1": "$ "},
        )
    try:
        os.write(terminal, f"source '{ask.scripts / 'sparsetool.bash'}'\n".encode())
        for typed, becomes in [
            ("sparsetool mask my\t", r"sparsetool mask my\ file.st "),
            ("sparsetool mask fo\t", "sparsetool mask folder/"),
            ("sparsetool rewind --what=w\t", "sparsetool rewind --what=weights "),
        ]:
            os.write(terminal, typed.encode())
            seen, deadline = "", time.monotonic() + 30
            while becomes not in seen:
                assert select.select([terminal], [], [], deadline - time.monotonic())[0], seen
                seen += os.read(terminal, 4096).decode()
            os.write(terminal, b"\x15")
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def test_a_value_that_a_shell_would_split_is_refused():
    app = typer.Typer()

    @app.command()
    def verb(x: Annotated[str, options.option("--x", help="X.", values=("a b",))] = "a b") -> None:
        """Do nothing."""

    command = typer.main.get_command(app)
    with pytest.raises(ValueError, match="a b"):
        completion.parameter(command.params[0], command.make_context("verb", []))
