"""The real shells, asked what they would offer when TAB is pressed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sparsetool.cli import completion

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


def needed(program: str) -> None:
    """Skip a test where a program is missing; in CI, which installs it, fail."""
    if shutil.which(program) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, but CI installs it: see .ci/run")
        pytest.skip(f"{program} is not installed")


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
