"""TAB in zsh, 5 and later: the words of `_arguments`, with descriptions."""

from __future__ import annotations

from shlex import quote

from . import Parameter, Verb, escaped, head

FILE = "_sparsetool"
SCRIPT = r"""
# Not _arguments' own ((...)), which takes '--' for the beginning of any word with two dashes.
_sparsetool_one_of() {
    local -a words
    words=("$@")
    _describe -t values value words
}

_sparsetool_after_colon() {
    compset -P 1 '*:' && _files
}

_sparsetool_runs() {
    local -a runs
    runs=(${SPARSETOOL_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/sparsetool}/runs/*(N/:t))
    compadd -a runs
}

_sparsetool() {
    export SPARSETOOL_COMPLETION=$$ # so that 'sparsetool doctor' knows
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -C \
        @program@ \
        '*::ARGUMENT:->argument' && return
    [[ $state == argument ]] || return
    curcontext=${curcontext%:*:*}:sparsetool-$words[1]:
    case $words[1] in
@verbs@
    esac
}

if [[ $funcstack[1] == _sparsetool ]]; then
    _sparsetool "$@"
else
    compdef _sparsetool sparsetool
fi
"""
PATHS = {
    "FILE": "_files",
    "TICKET": "_files -g '*.st'",
    "DIR": "_files -/",
    ":FILE": "_sparsetool_after_colon",
    "RUN": "_sparsetool_runs",
}
BREAK = " \\\n        "


def wants(given: Parameter) -> str:
    """The `:message:action` of a parameter's value."""
    # Quoted twice, because zsh evaluates an action; the space in front keeps it as it is.
    pairs = [quote(escaped(v, ":") + (f":{help}" if help else "")) for v, help in given.values]
    known = f" _sparsetool_one_of {' '.join(pairs)}" if pairs else PATHS.get(given.wants, " ")
    return f":{escaped(given.metavar, ':')}:{escaped(known, ':')}"


def specs(verb: Verb) -> str:
    """The arguments of `_arguments` for one verb."""
    words = []
    for option in verb.options:
        value = wants(option) if option.metavar else ""
        others = "*" if option.repeats else f"({' '.join(option.names)})"
        for name in option.names:
            equals = "=" if value and name.startswith("--") else ""
            words.append(quote(f"{others}{name}{equals}[{escaped(option.help, ']:')}]{value}"))
    for at, position in enumerate(verb.positions, 1):
        words.append(quote(("*" if position.repeats else str(at)) + wants(position)))
    return BREAK.join(words)


def script(program: Verb, verbs: list[Verb]) -> str:
    """The script for zsh."""
    cases = [f"    {verb.name})\n        _arguments{BREAK}{specs(verb)} ;;" for verb in verbs]
    text = SCRIPT.replace("@program@", specs(program)).replace("@verbs@", "\n".join(cases))
    return f"#compdef sparsetool\n{head('zsh')}\n{text}"
