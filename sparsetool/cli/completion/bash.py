"""TAB in bash, 3.2 and later: no descriptions, bash has none.

Bash splits the line at `=` and `:` before it asks (`--data=digits` is three words), unless a person
took them out of COMP_WORDBREAKS.
"""

from __future__ import annotations

from shlex import quote

from . import Parameter, Verb, head

FILE = "sparsetool.bash"
SCRIPT = r"""
# Sets the options of verb $1 ('' before there is one), what its positions take, and what its
# option $2 takes: words, FILE, TICKET, DIR, RUN, ANY (something that nobody can know), or nothing.
_sparsetool_facts() {
    options='' positions=() rest='' wanted=''
    case $1 in
@verbs@
    esac
}

_sparsetool() {
    local cur=${COMP_WORDS[COMP_CWORD]} verb='' glued='' prefix='' at=0 i word
    local options='' rest='' wanted='' positions=() action=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == [=:] ]]; then # bash splits words there
            [[ $wanted ]] || glued=1
        elif [[ $glued ]]; then
            glued=''
        elif [[ $wanted ]]; then
            wanted=''
        elif [[ $word == -?* ]]; then
            _sparsetool_facts "$verb" "$word"
        elif [[ ! $verb ]]; then
            verb=$word
        else
            at=$((at + 1))
        fi
    done
    if [[ $cur == [=:] ]]; then
        [[ $wanted ]] || glued=1
        cur=''
    elif [[ ! $wanted && $cur == --*=* ]]; then # unless it was told not to
        prefix=${cur%%=*}=
        _sparsetool_facts "$verb" "${cur%%=*}"
        wanted=${wanted:-ANY}
        cur=${cur#*=}
    fi
    if [[ $glued ]]; then
        wanted=FILE
    elif [[ ! $wanted ]]; then
        _sparsetool_facts "$verb" ''
        if [[ $cur == -* ]]; then
            wanted=$options
        else
            wanted=${positions[at]:-${rest:-$options}}
        fi
    fi
    case $wanted in
    FILE) action=(-f) ;;
    TICKET) # others where there are none
        action=(-f -X '!*.st')
        if [[ ! $(compgen "${action[@]}" -- "$cur") ]]; then action=(-f); fi ;;
    RUN)
        COMPREPLY=()
        word=${XDG_STATE_HOME:-$HOME/.local/state}/sparsetool
        for word in "${SPARSETOOL_STATE:-$word}/runs/$cur"*; do
            if [[ -d $word ]]; then COMPREPLY+=("${word##*/}"); fi
        done
        return ;;
    DIR) action=(-d) ;;
    ANY | '') return ;;
    *) action=(-W "$wanted") ;;
    esac
    # Names of files may hold spaces; a folder gets a slash.
    [[ ${action[0]} == -W ]] || compopt -o filenames 2> /dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$prefix$word")
    done < <(compgen "${action[@]}" -- "$cur"; [[ $wanted != TICKET ]] || compgen -d -- "$cur")
}

export SPARSETOOL_COMPLETION=$$ # so that 'sparsetool doctor' knows

complete -F _sparsetool sparsetool
"""


def wants(given: Parameter) -> str:
    """What stands for a parameter's value in the bash script."""
    path = given.wants if given.wants in ("FILE", "TICKET", "DIR", "RUN") else "ANY"
    return " ".join(value for value, _ in given.values) or path


def case(verb: Verb) -> str:
    """The facts of one verb, as a branch of `case`."""
    rest = [wants(p) for p in verb.positions if p.repeats]
    once = [quote(wants(p)) for p in verb.positions if not p.repeats]
    takers: dict[str, list[str]] = {}
    for option in verb.options:
        if option.metavar:
            takers.setdefault(wants(option), []).extend(option.names)
    lines = [
        f"    {quote(verb.name)})",
        f"        options={quote(' '.join(n for o in verb.options for n in o.names))}",
        f"        positions=({' '.join(once)}) rest={quote(''.join(rest))}",
        "        case $2 in",
        *(f"        {'|'.join(names)}) wanted={quote(w)} ;;" for w, names in takers.items()),
        "        esac ;;",
    ]
    return "\n".join(lines)


def script(program: Verb, verbs: list[Verb]) -> str:
    """The script for bash."""
    cases = "\n".join(case(verb) for verb in [program, *verbs])
    return f"{head('bash')}\n{SCRIPT.replace('@verbs@', cases)}"
