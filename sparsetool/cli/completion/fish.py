"""TAB in fish, 3 and later: one `complete` for each option, with descriptions."""

from __future__ import annotations

from collections.abc import Iterable

from . import Verb, escaped, head

FILE = "sparsetool.fish"
SCRIPT = r"""
# Whether the words before the cursor belong to verb $argv[1] ('' before there is a verb); with
# more arguments also whether the cursor's position (from 0) passes the test $argv[2..3]. Values of
# the options $argv[4..] are no positions.
function __sparsetool
    set -l words (commandline -opc)
    set -l verb ''
    set -l at 0
    set -l value no
    set -e words[1]
    for word in $words
        if test $value = yes
            set value no
        else if string match -q -- '-*' $word
            contains -- $word $argv[4..]; and set value yes
        else if test -z "$verb"
            set verb $word
        else
            set at (math $at + 1)
        end
    end
    test "$verb" = "$argv[1]"; or return
    set -q argv[2]; or return 0
    test $at $argv[2..3]
end

function __sparsetool_runs
    set -l state $HOME/.local/state/sparsetool
    set -q XDG_STATE_HOME; and set state $XDG_STATE_HOME/sparsetool
    set -q SPARSETOOL_STATE; and set state $SPARSETOOL_STATE
    for run in $state/runs/*/
        path basename $run
    end
end

set -gx SPARSETOOL_COMPLETION $fish_pid # so that 'sparsetool doctor' knows
complete -c sparsetool -f
"""
PATHS = {
    "FILE": " -r -F",
    "TICKET": " -r -F",
    "RUN": " -x -a '(__sparsetool_runs)'",
    "DIR": " -x -a '(__fish_complete_directories)'",
    ":FILE": " -r -F",
}


def quote(text: str) -> str:
    """Text between fish's single quotes."""
    return f"'{escaped(text, chr(92) + chr(39))}'"


def values(pairs: Iterable[tuple[str, str]]) -> str:
    """The `-a` that offers these values, each with its help."""
    words = [value + (rf"\t{quote(help)}" if help else "") for value, help in pairs]
    return f" -a {quote(' '.join(words))}"


def commands(verb: Verb) -> list[str]:
    """The `complete` commands of one verb."""
    in_verb = f"__sparsetool {verb.name or chr(39) * 2}"
    start = "complete -c sparsetool -n "
    lines = []
    for at, position in enumerate(verb.positions):
        where = [in_verb, "-ge" if position.repeats else "-eq", str(at), *verb.valued]
        paths = " -F" if position.wants else ""
        if position.wants == "RUN":
            paths = PATHS["RUN"]
        offered = values(position.values) if position.values else paths
        if offered:
            lines.append(start + quote(" ".join(where)) + offered)
    for option in verb.options:
        names = [f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names]
        line = f"{start}{quote(in_verb)} {' '.join(names)}"
        if option.values:
            line += " -x" + values(option.values)
        elif option.metavar:
            line += PATHS.get(option.wants, " -x")
        lines.append(f"{line} -d {quote(option.help)}")
    return lines


def script(program: Verb, verbs: list[Verb]) -> str:
    """The script for fish."""
    blocks = ["\n".join(commands(verb)) for verb in [program, *verbs]]
    return f"{head('fish')}\n{SCRIPT}" + "\n\n".join(blocks) + "\n"
