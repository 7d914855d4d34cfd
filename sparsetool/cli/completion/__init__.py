"""Completions: what each shell knows of the verbs when TAB is pressed.

The scripts are static, so TAB answers at once, without starting Python. A new verb, option or
member of a family is in them after

    python -m sparsetool.cli.completion --write completions

A member is a shell. It states the name of its script's file and defines one function of one
signature:

    FILE = "sparsetool.bash"

    def script(program, verbs) -> str:
        '''The script, from the program's own options and its verbs.'''
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...plugins import find
from .. import main
from ..parsing import click

PLAIN = re.compile(r"[\w./%+@-]+")  # words that mean themselves in all three shells


@dataclass(frozen=True)
class Parameter:
    """An option, or a position on the command line.

    Attributes:
        names: Spellings of the option; none for a position.
        help: What it does, one line.
        metavar: What its value is called; empty for a flag.
        repeats: Whether it may be given several times.
        values: Known values and their help.
    """

    names: tuple[str, ...]
    help: str
    metavar: str
    repeats: bool
    values: tuple[tuple[str, str], ...]

    @property
    def wants(self) -> str:
        """What its value is.

        `FILE`, `TICKET` (such a file that most often is called *.st), `DIR`, `:FILE` (a file after
        a colon), `RUN` (a run folder's name), or empty where it is nothing that can be looked up.
        """
        found = re.search(r":?(FILE|DIR|RUN)$", self.metavar)
        if found is None:
            return ""
        return "TICKET" if found[0] == "FILE" and self.help.startswith("Ticket") else found[0]


@dataclass(frozen=True)
class Verb:
    """One verb, or the program itself (without a name), as completion sees it."""

    name: str
    summary: str
    options: tuple[Parameter, ...]
    positions: tuple[Parameter, ...]

    @property
    def valued(self) -> list[str]:
        """Spellings of the options that take a value."""
        return [name for option in self.options if option.metavar for name in option.names]


def parameter(given: click.Parameter, ctx: click.Context) -> Parameter:
    """What completion has to know of one parameter."""
    option = given.param_type_name == "option"
    flag = getattr(given, "is_flag", False)
    # The program's own words for --help change with typer's version.
    words = "Say how to use it." if given.name == "help" else getattr(given, "help", None) or ""
    values = tuple((item.value, item.help or "") for item in given.shell_complete(ctx, ""))
    strange = [value for value, _ in values if not PLAIN.fullmatch(value)]
    if strange:
        raise ValueError(f"{given.name}: values that shells would split or expand: {strange}")
    # Sorted, because typer keeps the names of --help in a set.
    names = sorted([*given.opts, *given.secondary_opts], key=lambda name: (len(name), name))
    return Parameter(
        names=tuple(names) if option else (),
        help=" ".join(words.split()).rstrip("."),
        metavar="" if flag else re.sub(r"[\[\]. ]", "", given.make_metavar(ctx)),
        repeats=given.nargs < 0 or getattr(given, "multiple", False),
        values=values,
    )


def describe(name: str, command: click.Command, ctx: click.Context, summary: str) -> Verb:
    """A command as completion sees it."""
    shown = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    all_of_them = [parameter(p, ctx) for p in shown]
    return Verb(
        name,
        summary,
        options=tuple(p for p in all_of_them if p.names),
        positions=tuple(p for p in all_of_them if not p.names),
    )


def tree() -> tuple[Verb, list[Verb]]:
    """The program with its own options, and its verbs in the order of `--help`."""
    program = main.program()
    assert isinstance(program, main.Verbs)
    top = click.Context(program, info_name=main.PROGRAM, **program.context_settings)
    verbs = []
    for name in program.list_commands(top):
        command = main.load_verb(name)
        ctx = click.Context(command, parent=top, info_name=name)
        verbs.append(describe(name, command, ctx, find.summary("verbs", name)))
    names = tuple((verb.name, verb.summary) for verb in verbs)
    own = describe("", program, top, "")
    return replace(own, positions=(Parameter((), "", "VERB", False, names),)), verbs


def head(shell: str) -> str:
    """The line that says where a script comes from."""
    return f"# Made by 'sparsetool completion {shell}'; do not edit."


def escaped(text: str, special: str) -> str:
    """The text with a backslash before each of the special characters."""
    return re.sub(f"([{re.escape(special)}])", r"\\\1", text)


def scripts() -> dict[str, str]:
    """Each shell's script, by the name of its file."""
    program, verbs = tree()
    shells = [find.load("completion", name) for name in find.members("completion")]
    return {shell.FILE: shell.script(program, verbs) for shell in shells}
