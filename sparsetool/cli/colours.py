"""Colours of what a terminal shows: readable on a light background and on a dark one.

A program cannot know which of the two a terminal has. Of the 16 colours that a user's palette sets,
bright ones and yellow and cyan vanish on white, blue on black, and dim text or grey on either; so
text is in the terminal's own colour, told apart by bold, italic and underline, and magenta alone
stands beside it. Bars are in fixed colours with a contrast of at least 3 to black and to white.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.syntax import ANSISyntaxTheme
    from rich.theme import Theme

CODE = "magenta"
STYLES = {
    "bar.back": "rgb(128,128,128)",
    "bar.complete": "rgb(249,38,114)",
    "bar.finished": "rgb(114,156,31)",
    "bar.pulse": "rgb(249,38,114)",
    "table.caption": "italic",
    "markdown.code": CODE,
    "markdown.code_block": "none",
    "markdown.h2": "bold underline",
    "markdown.h3": "bold",
    "markdown.item.number": "bold",
    "markdown.list": "none",
    "markdown.link": "underline",
    "markdown.hr": "none",
    "markdown.table.border": "none",
    "markdown.table.header": "bold",
}


def theme() -> Theme:
    """The styles for every console."""
    from rich.theme import Theme

    return Theme(STYLES)


def code_theme() -> ANSISyntaxTheme:
    """How blocks of code are coloured: texts, and comments in italics."""
    from pygments.token import Comment, String  # type: ignore[import-untyped]
    from rich.style import Style
    from rich.syntax import ANSISyntaxTheme

    plain, text = Style(), Style(color=CODE)
    return ANSISyntaxTheme({Comment: Style(italic=True), String: text, String.Escape: plain})
