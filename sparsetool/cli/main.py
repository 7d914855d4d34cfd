"""The command line: every file in `verbs/` is a verb, and every error becomes an exit code here.

A verb is imported only when it is called or asked for help; the list of verbs and their summaries
is read from the files themselves, so `--help` imports nothing heavy.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, MutableMapping, Sequence
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from .. import __version__
from ..errors import EveryRank, ReaderGone, SparsetoolError, Stopped, UsageError, nearest
from ..plugins import find
from . import standard_output
from .parsing import TyperGroup, click
from .stop import ignore_signals

PROGRAM = "sparsetool"
WORDS = "sparsetool.words"  # what was typed, in the context of the command line
CALLED: list[str] = []  # the words after the program's name
LINE = 300  # characters of a complaint
PURPOSES = {  # of verbs, as an experiment meets them
    "Experiments": ("recipe", "sweep", "pipe"),
    "Make and train": (
        *("init", "mask", "train-cycles", "prune", "rewind", "transfer-signs"),
        *("levels", "average"),
    ),
    "Measure": ("eval", "show", "diff", "lmc", "hessian", "flops"),
    "Tables and pictures": ("compare", "plot"),
    "In and out": ("import", "export"),
    "What there is": ("list", "defaults", "data", "runs", "doctor", "guide", "help", "completion"),
}


def load_verb(verb: str, words: Sequence[str] = ()) -> click.Command:
    """The command of one verb, made from its file's docstring and its function's parameters.

    Args:
        verb: Its name.
        words: What is typed: files of a user's own bring options along.
    """
    module = importlib.import_module(f"{__package__}.verbs.{verb.replace('-', '_')}")
    single = typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    function: Callable[..., Any] = module.verb
    if any(".py:" in word for word in words):
        from .own_options import extended

        function = extended(function, words)
    # Click keeps a paragraph's lines as they are after a backspace: wanted for examples.
    text = (module.__doc__ or "").replace("\n\n    ", "\n\n\b\n    ")
    settings = getattr(module, "CONTEXT", None)
    single.command(verb, help=text, context_settings=settings)(function)
    command = typer.main.get_command(single)
    command.name = verb
    return command


class Verbs(TyperGroup):
    """A group whose commands are the files of the folder `verbs`, loaded on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of an experiment."""
        return [verb for verbs in PURPOSES.values() for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One verb, or None."""
        words = ctx.meta.get(WORDS, ())
        return load_verb(cmd_name, words) if cmd_name in find.members("verbs") else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was typed; an unknown one is answered with the nearest."""
        known = find.members("verbs")
        if args[0] not in known and not args[0].startswith("-"):
            from .hints import for_verb

            raise UsageError(
                f"unknown verb '{args[0]}': {nearest(args[0], known)}{for_verb(args[0])}"
            )
        ctx.meta[WORDS] = args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs in `--help`, without importing any of them."""
        for purpose, verbs in PURPOSES.items():
            with formatter.section(purpose):
                formatter.write_dl([(verb, find.summary("verbs", verb)) for verb in verbs])


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


def program() -> click.Command:
    """The whole command line as one command."""
    app = typer.Typer(
        cls=Verbs,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        subcommand_metavar="VERB [OPTIONS] [FILE]",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def root(
        version: Annotated[
            bool,
            typer.Option(
                "--version", callback=_version, is_eager=True, help="Say which version this is."
            ),
        ] = False,
    ) -> None:
        """Sparse training as a shell pipeline: small verbs that read and write tickets.

        A ticket is one safetensors file with weights, masks and the records of the steps that made
        it.
        'sparsetool guide' is the manual, 'sparsetool recipe' lists ready experiments,
        'sparsetool VERB --help' explains a verb.
        """

    return typer.main.get_command(app)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    code = 75 if number == signal.SIGUSR1 else 128 + number
    raise Stopped(f"stopped by {signal.Signals(number).name}", code)


def complain(verb: str, text: str) -> None:
    """One line on standard error, printable and no longer than `LINE`, whatever a file held."""
    line = "".join(c if c.isprintable() else "?" for c in " ".join(str(text).split()))
    room = LINE - len(verb) - 2
    if len(line) > room:  # the end often says what to do
        line = f"{line[: room - room // 3 - 5]} ... {line[-(room // 3) :]}"
    print(f"{verb}: {line}", file=sys.stderr)


def _said_elsewhere(error: Exception) -> bool:
    """Whether rank 0 prints the same error (compute/ranks.py)."""
    known = (EveryRank, UsageError, Stopped, click.exceptions.ClickException)
    return os.environ.get("RANK", "0") != "0" and isinstance(error, known)


def _out_of_memory(error: Exception) -> bool:
    """Whether torch, which need not have been imported, found too little memory."""
    return type(error).__name__ == "OutOfMemoryError" or "DefaultCPUAllocator" in str(error)


def _own_code(error: Exception) -> str | None:
    """The user's file, or the package, whose code raised an error, if any did."""
    known = sys.modules.get("sparsetool.plugins.own_code")
    return None if known is None else known.raised_in(error)


def _flushed(code: int) -> int:
    """The exit code, or 141 if the reader closed the pipe before the end of the output."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ReaderGone.code
    return code


def run(args: list[str]) -> int:
    """Do what the words after the program's name ask for; what went wrong becomes an exit code."""
    verb = next((a for a in args if not a.startswith("-")), PROGRAM)
    if verb not in find.members("verbs"):
        verb = PROGRAM
    try:
        # Not Command.main: it turns a reader that left into exit 1.
        command = program()
        with command.make_context(PROGRAM, args) as context:
            command.invoke(context)
        return _flushed(0)
    except typer.Exit as finished:
        return _flushed(finished.exit_code)
    except (ReaderGone, BrokenPipeError):
        # Python would complain once more when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ReaderGone.code
    except KeyboardInterrupt:
        complain(verb, "stopped by SIGINT")
        return 128 + signal.SIGINT
    except SparsetoolError as error:
        if not _said_elsewhere(error):
            complain(verb, str(error))
        return error.code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.exceptions.ClickException as error:
        if not _said_elsewhere(error):
            from .hints import for_option

            complain(verb, for_option(error))
        return 2
    except (OSError, MemoryError) as error:
        complain(verb, f"{type(error).__name__}: {error}")
        return 1
    except SystemExit as error:  # nothing of ours raises it here
        complain(verb, f"the code named exits with {error.code}: it must return instead")
        return 1
    except Exception as error:
        if _out_of_memory(error):
            advice = "give a smaller --batch-size, or another --device"
            complain(verb, f"out of memory: {error}: {advice}")
            return 1
        if file := _own_code(error):
            complain(verb, f"{file} fails: {type(error).__name__}: {error}")
            return 1
        traceback.print_exc()  # whatever else it is, it is ours
        complain(verb, f"a bug in {PROGRAM}, please report it: {type(error).__name__}: {error}")
        return 70


def share_cores(environment: MutableMapping[str, str]) -> None:
    """Limit how long waiting OpenMP threads spin.

    OpenMP's threads spin for milliseconds at every operation; where another process has their core
    the one they wait for does not get it, and two threads take ten times as long as one. It is read
    when torch is imported, and changes no result. What the user has set stays.
    """
    if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & environment.keys():
        environment["GOMP_SPINCOUNT"] = "1000"


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit with a code of `sparsetool guide promises`, "Exit codes"."""
    share_cores(os.environ)
    _raise_on_signals()
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        # Names of files need not be UTF-8. A stream whose descriptor was exchanged refuses.
        with contextlib.suppress(AttributeError, OSError):
            stream.reconfigure(errors=errors)  # type: ignore[union-attr]
    try:
        CALLED[:] = sys.argv[1:] if argv is None else argv
        asked = {"help", "--help", "-h", "--version"} & set(CALLED)  # which run no code
        standard_output.begin(not asked)
        code = run(list(CALLED))
        ignore_signals()  # the result is there: a signal while Python ends must not change the code
    except Stopped as stopped:  # it came while the code was being found
        code = stopped.code
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    sys.exit(code)


def _raise_on_signals() -> None:
    """Let signals raise errors, but for those that are ignored already (nohup)."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else _stop)
