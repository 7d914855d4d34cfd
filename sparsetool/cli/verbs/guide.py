"""Show the manual: its topics, or the page of one.

Pages are rendered on a terminal and are Markdown elsewhere. --man writes pages for man, of every
verb and topic: then 'man sparsetool-mask' is the help of a verb, 'man sparsetool-masks' a topic.

    sparsetool guide
    sparsetool guide pipelines
    sparsetool guide promises | less
    sparsetool guide --man ~/.local/share/man
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import UsageError
from .. import options as o
from ..measure import Column, Report
from ..tables import console, on_terminal, table

COLUMNS = (Column("topic"), Column("summary"))
WIDEST = 100  # characters: longer lines are hard to read


def _offers() -> list[tuple[str, str]]:
    from ... import guide

    return [(topic, guide.summary(topic)) for topic in guide.names()]


def _write_man(folder: str, topic: str | None) -> None:
    from .. import man_pages

    if topic is not None:
        raise UsageError("--man writes all pages: leave the topic out")
    count = len(man_pages.write(Path(folder)))
    Report("guide").say(f"wrote {count} pages into {folder}: try 'man -M {folder} sparsetool'")


def verb(
    topic: Annotated[
        str | None, o.argument("Page to show; without it, all are listed.", "[TOPIC]", _offers)
    ] = None,
    man: Annotated[
        str | None,
        o.option("--man", metavar="DIR", help="Write pages for man into DIR/man1 and DIR/man7."),
    ] = None,
) -> None:
    from ... import guide

    if man is not None:
        _write_man(man, topic)
        return
    if topic is not None:
        text = guide.text(topic.replace("_", "-"))
        if not on_terminal():
            Report("guide").text(text)
            return
        from ..pages import Page

        screen = console()
        screen.print(Page(text), width=min(screen.width, WIDEST))
    elif on_terminal():
        rows = [{"topic": name, "summary": summary} for name, summary in _offers()]
        console().print(table(rows, COLUMNS))
    else:
        Report("guide").text("".join(f"- `{name}`: {said}\n" for name, said in _offers()))
