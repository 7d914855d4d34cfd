"""Show the manual: its topics, or the page of one.

Pages are rendered on a terminal and are Markdown elsewhere.

    sparsetool guide
    sparsetool guide pipelines
    sparsetool guide promises | less
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from .. import options as o
from ..colours import code_theme
from ..measure import Column, Report
from ..tables import console, on_terminal, table

COLUMNS = (Column("topic"), Column("summary"))
LINK = re.compile(r"\[[^\]]+\]\(([\w-]+)\.md\)")
WIDEST = 100  # characters: longer lines are hard to read


def _offers() -> list[tuple[str, str]]:
    from ... import guide

    return [(topic, guide.summary(topic)) for topic in guide.names()]


def verb(
    topic: Annotated[
        str | None, o.argument("Page to show; without it, all are listed.", "[TOPIC]", _offers)
    ] = None,
) -> None:
    from ... import guide

    if topic is not None:
        text = guide.text(topic.replace("_", "-"))
        if not on_terminal():
            Report("guide").text(text)
            return
        from rich.markdown import Markdown

        # A link to another page is that topic's name. The stubs say that a theme is a name.
        theme: Any = code_theme()
        page = Markdown(LINK.sub(r"`\1`", text), code_theme=theme)
        screen = console()
        screen.print(page, width=min(screen.width, WIDEST))
    elif on_terminal():
        rows = [{"topic": name, "summary": summary} for name, summary in _offers()]
        console().print(table(rows, COLUMNS))
    else:
        Report("guide").text("".join(f"- `{name}`: {said}\n" for name, said in _offers()))
