"""Pages for `man`, made of what `--help` and `sparsetool guide` say.

Verbs are in section 1, topics of the manual in section 7.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import __version__, files, guide
from ..errors import SparsetoolError
from ..guide import roff
from ..plugins import find
from . import main
from .parsing import click

MARK = ".\\\" Made by 'sparsetool guide --man DIR'; do not edit."


def write(folder: Path) -> list[Path]:
    """Write all pages into `man1` and `man7` of a folder; those of another version give way.

    Raises:
        SparsetoolError: A file there is not of our making, or cannot be written.
    """
    made = {folder / place: text.encode() for place, text in pages().items()}
    there = {path: bytes(files.open_file(path)) for path in made if path.exists()}
    for path, old in there.items():
        if not old.startswith(MARK.encode()):
            raise SparsetoolError(
                f"{path} is no page of this program: move it, or give another DIR"
            )
    for path, text in made.items():
        if there.get(path) == text:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = files.reason(error)
            raise SparsetoolError(f"cannot make the folder {path.parent}: {reason}") from None
        files.write(path, [text])
    return list(made)


def pages() -> dict[str, str]:
    """The text of every page, by its place in a folder that `man` searches."""
    program = main.program()
    assert isinstance(program, main.Verbs)
    top = click.Context(program, info_name=main.PROGRAM, **program.context_settings)
    made = {"man1/sparsetool.1": _program_page(program, top)}
    for verb in program.list_commands(top):
        command = main.load_verb(verb)
        ctx = click.Context(command, parent=top, info_name=verb, **program.context_settings)
        made[f"man1/sparsetool-{verb}.1"] = _verb_page(verb, command, ctx)
    for topic in guide.names():
        made[f"man7/sparsetool-{topic}.7"] = _topic_page(topic)
    return made


# -- pages -----------------------------------------------------------------------------------------


def _program_page(program: main.Verbs, ctx: click.Context) -> str:
    lines = _synopsis("sparsetool", program, ctx)
    lines += [".SH DESCRIPTION", *_help(program), *_parameters(program, ctx)]
    lines.append(".SH VERBS")
    for purpose, verbs in main.PURPOSES.items():
        lines.append(f".SS {roff.escaped(purpose)}")
        for verb in verbs:
            lines += roff.entry(f"sparsetool-{verb}(1)")
            lines += roff.prose(find.summary("verbs", verb))
    lines.append(".SH MANUAL")
    for topic in guide.names():
        lines += [*roff.entry(f"sparsetool-{topic}(7)"), *roff.prose(guide.summary(topic))]
    codes = guide.text("promises").partition("## Exit codes\n")[2].partition("\n## ")[0]
    lines += [".SH EXIT STATUS", *roff.markdown(codes)]
    return _page("sparsetool", 1, "sparse training as a shell pipeline", lines, Path(main.__file__))


def _verb_page(verb: str, command: click.Command, ctx: click.Context) -> str:
    lines = _synopsis(f"sparsetool {verb}", command, ctx)
    lines += [".SH DESCRIPTION", *_help(command), *_parameters(command, ctx)]
    lines += [".SH SEE ALSO", roff.page("sparsetool", 1)]
    path = Path(__file__).with_name("verbs") / f"{verb.replace('-', '_')}.py"
    return _page(f"sparsetool-{verb}", 1, find.summary("verbs", verb), lines, path)


def _topic_page(topic: str) -> str:
    body = guide.text(topic).split("\n", 4)[4]  # without title and summary
    lines = [".SH DESCRIPTION", *roff.prose(f"{guide.summary(topic)}."), *roff.markdown(body)]
    path = Path(guide.__file__).with_name(f"{topic}.md")
    return _page(f"sparsetool-{topic}", 7, guide.summary(topic), lines, path)


def _page(name: str, section: int, summary: str, lines: Sequence[str], source: Path) -> str:
    """A page; its date is that of the file whose text it is, so the same text is the same page."""
    date = time.strftime("%Y-%m-%d", time.gmtime(source.stat().st_mtime))
    version = f"sparsetool {__version__}"
    head = [
        MARK,
        f'.TH "{roff.escaped(name.upper())}" {section} "{date}" "{version}" "sparsetool manual"',
    ]
    head += [".nh", ".ad l", ".SH NAME", *roff.prose(f"{name} - {summary}")]
    return "\n".join(roff.without_empty_paragraphs([*head, *lines])) + "\n"


# -- what --help says ------------------------------------------------------------------------------


def _synopsis(call: str, command: click.Command, ctx: click.Context) -> list[str]:
    words = " ".join(command.collect_usage_pieces(ctx))
    return [".SH SYNOPSIS", f".B {roff.escaped(call)}", *roff.prose(words)]


def _help(command: click.Command) -> Iterator[str]:
    """Paragraphs, and blocks that are shown as they are (after a backspace, as click has it)."""
    for number, part in enumerate((command.help or "").split("\n\n")):
        if part.startswith("\b"):
            yield from roff.code(part.removeprefix("\b\n"))
        else:
            yield from ([".PP"] if number else [])
            yield from roff.prose(part)


def _parameters(command: click.Command, ctx: click.Context) -> Iterator[str]:
    known = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    for title, kind in (("ARGUMENTS", "argument"), ("OPTIONS", "option")):
        records = [p.get_help_record(ctx) for p in known if p.param_type_name == kind]
        if any(records):
            yield f".SH {title}"
        for names, words in filter(None, records):
            yield from roff.entry(names)
            yield from roff.prose(words)
