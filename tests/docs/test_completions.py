"""Completions: generated, up to date, and right in the real shells (which must be installed)."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
import typer

import sparsetool
from sparsetool import cli, completion, options, registry

ROOT = Path(sparsetool.__file__).parent.parent
SCRIPTS = ROOT / "completions"
FILES = {"a.st", "my file.st", "folder"}
FOLDERS = {"folder"}

BASH = r"""
source "$1"
while IFS=$'\t' read -r -a COMP_WORDS; do
    COMP_WORDS=("${COMP_WORDS[@]%.}")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
    _sparsetool
    echo "== "
    for word in "${COMPREPLY[@]}"; do echo "$word"; done
done
"""
# Keys typed at an interactive zsh whose `compadd` tells what it is given.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
talk() { zpty -w shell "$1"; zpty -r shell answer "*$2*" }
talk "stty -echo columns 500; PS1= PS2= RPS1=; set -- ${(q)1}; print he''llo" hello
talk 'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D; print fou''nd' found
talk "compadd() {
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd \"\$@\"; return; fi
    local -a hits help
    local at=\${@[(I)-d]}
    (( at )) && help=(\"\${(@P)@[at+1]}\")
    builtin compadd -A hits -D help \"\$@\"
    for at in {1..\$#hits}; do
        (( \$#hits )) && print -r -- \"\$hits[at]\"\$'\\t'\"\${help[at]#*-- }\"
    done
    builtin compadd \"\$@\"
}; print cau''ght" caught
talk "capture() { print '<begin>'; _main_complete; compstate[insert]= compstate[list]=
    print '<end>' }; zle -C capture complete-word capture
bindkey '^I' capture; print bou''nd" bound
while IFS= read -r line; do
    zpty -w -n shell "$line"$'\t'
    zpty -r shell answer '*<end>*'
    print -r -- "== "
    print -r -- "${${answer#*<begin>}%<end>*}"
    zpty -w -n shell $'\x15'
done
"""
FISH = r"""
source $argv[1]/sparsetool.fish
while read -l line
    echo "== "
    complete -C "$line"
end
"""


def bash_words(line: str) -> str:
    """The line as bash splits it, the last word perhaps empty, with a stop to each word."""
    words = re.findall(r"[^\s=:]+|[=:]", line) + [""] * line.endswith(" ")
    return "\t".join(f"{word}." for word in words)


class Asked:
    """What a shell offers for a line: words and their descriptions."""

    def __init__(self, shell: str, folder: Path) -> None:
        self.shell = shell
        self.scripts = folder / "scripts"  # made anew: what is committed has a test of its own
        self.scripts.mkdir()
        for name, text in completion.scripts().items():
            (self.scripts / name).write_text(text, encoding="utf-8")
        self.folder = folder / "work"
        self.folder.mkdir()
        (self.folder / "folder").mkdir()
        for name in FILES - FOLDERS:
            (self.folder / name).touch()
        # Who starts one of these while completing leaves a trace.
        self.trace = folder / "trace"
        stubs = folder / "bin"
        stubs.mkdir()
        for name in ("sparsetool", "python", "python3"):
            (stubs / name).write_text(f"#!/bin/sh\necho {name} >> '{self.trace}'\n")
            (stubs / name).chmod(0o755)
        path = f"{stubs}{os.pathsep}{os.environ['PATH']}"
        self.env = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "dumb"}

    def __call__(self, *lines: str) -> dict[str, dict[str, str]]:
        command = {
            "bash": ["bash", "-c", BASH, "bash", str(self.scripts / "sparsetool.bash")],
            "zsh": ["zsh", "-f", "-c", ZSH, "zsh", str(self.scripts)],
            "fish": ["fish", "-c", FISH, str(self.scripts)],
        }[self.shell]
        asked = [bash_words(line) if self.shell == "bash" else line for line in lines]
        done = subprocess.run(
            command,
            input="".join(f"{line}\n" for line in asked),
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.env,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        answers = done.stdout.split("== \n")[1:]
        assert len(answers) == len(lines), done.stdout
        return dict(zip(lines, map(self.read, answers), strict=True))

    def read(self, answer: str) -> dict[str, str]:
        """Words and help, spelled alike for all shells: no quotes, no slash, no `--flag=`."""
        found = {}
        for row in answer.splitlines():
            word, _, help = row.strip("\r").partition("\t")
            word = re.sub(r"^(--[\w-]+=|\d+:)", "", word.replace("\\", "")).rstrip("/")
            if word:
                found[word] = help
        return found

    def words(self, *lines: str) -> dict[str, set[str]]:
        """The words alone; options only where one was begun (some shells offer them unasked)."""
        return {
            line: {w for w in found if not w.startswith("-") or line.split(" ")[-1].startswith("-")}
            for line, found in self(*lines).items()
        }


@pytest.fixture(params=["bash", "zsh", "fish"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    return Asked(request.param, tmp_path)


def parameters(verb: str) -> list:
    return cli.load_verb(verb).params


def long_options(verb: str) -> set[str]:
    return {name for p in parameters(verb) for name in p.opts if name.startswith("--")} | {"--help"}


VERBS = registry.members("verbs")


@pytest.mark.parametrize("name", ["sparsetool.bash", "_sparsetool", "sparsetool.fish"])
def test_committed_scripts_are_those_the_verbs_make(name):
    assert (SCRIPTS / name).read_text(encoding="utf-8") == completion.scripts()[name], (
        "a verb, an option or a member of a family has changed; run:"
        " python -m sparsetool.completion --write completions"
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
        "init ": registry.members("models"),
        "init --data ": registry.members("datasets"),
        "init --data=": registry.members("datasets"),
        "init --data di": ["digits"],
        "init --data=di": ["digits"],
        "init --seed 3 ml": ["mlp"],
        "init mlp --data digits ": [],
        "rewind --what ": ["all", "weights", "buffers"],
        "rewind --what=": ["all", "weights", "buffers"],
        "rewind --to a.st --what=w": ["weights"],
        "train-cycles --schedule ": registry.members("schedules"),
        "train-cycles --precision ": registry.constant("training", "device", "PRECISIONS"),
        "train-cycles --optimizer ": registry.constant("training", "settings", "OPTIMIZERS"),
        "eval --device ": registry.constant("training", "device", "DEVICES"),
        "eval --split=t": ["train", "test"],
        "plot ": registry.members("plots"),
        "plot layers ": FILES,
        "recipe ": {path.stem for path in (ROOT / "sparsetool" / "recipes").glob("*.sh")},
    }
    expected = {f"sparsetool {line}": set(words) for line, words in values.items()}
    assert ask.words(*expected) == expected


def test_files_and_folders(ask):
    expected = {
        "sparsetool mask ": FILES,
        "sparsetool mask a": {"a.st"},
        "sparsetool mask fol": FOLDERS,
        "sparsetool mask a.st ": set(),
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
    ask = Asked(shell, tmp_path)
    found = ask("sparsetool ", "sparsetool mask --", "sparsetool init ")
    assert found["sparsetool "] == {verb: registry.summary("verbs", verb) for verb in VERBS}
    assert found["sparsetool mask --"]["--magnitude"] == registry.summary("criteria", "magnitude")
    assert found["sparsetool init "]["mlp"] == registry.summary("models", "mlp")


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
