"""What the words of a call are, from the options that the verbs declare.

For programs that read calls without making them (`recipes.recording`): which option takes a value,
and which words are files to read or to write.
"""

from __future__ import annotations

import re

from ..plugins import find
from ..recipes.recording import Grammar, Syntax
from . import main
from .parsing import click

# Kinds of options whose value is a path; any other FILE is read.
RESULT = {"output"}
WRITTEN = {"table", "plot", "log", "scores", "final"}
FOLDERS = {"keep": "kept", "out-dir": "named"}  # any other DIR is there before the call
# Options that decide what is written, said or kept, never what the weights are.
BESIDE = {"force", "quiet", "no-store", "time-limit", "jobs", "keep-every", "eval-every"} | {
    "track",
    *("n", "stop-after", "seed", "data-root", "json", "label", "help", "show-config", "config"),
}
OTHERS = {"plot", "recipe"}  # write files that are no tickets


def makes_tickets(verb: str) -> bool:
    """Whether a verb reads at most a ticket, and writes one."""
    known = _syntax(main.load_verb(verb))
    return "--output" in known.options and not known.rows and verb not in OTHERS


def result_options(verb: str) -> set[str]:
    """Options of a verb that can change the weights: all that a record may hold."""
    known = _syntax(main.load_verb(verb)).options.values()
    own = {name for name, kind in known if kind in ("value", "read", "flag")} - BESIDE
    return own | {"model"} if verb == "init" else own  # there it is an argument


def declared_options(verb: str) -> set[str]:
    """All options that a verb itself declares, by their longest names."""
    return {name for name, _ in _syntax(main.load_verb(verb)).options.values()}


def grammar() -> Grammar:
    """The syntax of every verb."""
    return {verb: _syntax(main.load_verb(verb)) for verb in find.members("verbs")}


def _syntax(command: click.Command) -> Syntax:
    options: dict[str, tuple[str, str]] = {}
    reads = position = 0
    for parameter in command.params:
        wants = _wants(parameter)
        if parameter.param_type_name == "argument":
            position += 1
            reads = reads or (position if wants == "FILE" else 0)
            continue
        spellings = [*parameter.opts, *parameter.secondary_opts]
        name = max(spellings, key=len).lstrip("-")
        kind = "flag" if getattr(parameter, "is_flag", False) else _kind(name, wants)
        options |= dict.fromkeys(spellings, (name, kind))
    rows = {"-o", "--json"} <= set(options)
    return Syntax(options, reads, rows)


def _wants(parameter: click.Parameter) -> str:
    """`FILE`, `DIR` or `:FILE` (a file after a colon), or empty where no path is wanted."""
    found = re.search(r":?(FILE|DIR)\b", getattr(parameter, "metavar", None) or "")
    return found.group() if found else ""


def _kind(name: str, wants: str) -> str:
    if name in RESULT:
        return "result"
    if wants == "DIR":
        return FOLDERS.get(name, "value")
    if wants == ":FILE":
        return "marked"
    return ("written" if name in WRITTEN else "read") if wants else "value"
