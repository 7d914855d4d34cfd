"""Text and Markdown in the language of groff's and mandoc's man macros, man(7)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

# A plain ' or - would be printed as a quotation mark or a hyphen, which no shell takes.
SPECIAL = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
FONTS = {"code_inline": "B", "strong_open": "B", "em_open": "I"}
WIDTH = 78  # characters of a line of prose


def escaped(text: str) -> str:
    """A piece of text that is shown as it is."""
    return "".join(
        SPECIAL.get(c, c) if c.isascii() else f"\\[u{ord(c):04X}]" for c in text.replace("\0", "")
    )


def prose(text: str) -> list[str]:
    """Lines of running text."""
    return _lines(escaped(text))


def code(text: str) -> list[str]:
    """Lines that are shown as they are."""
    lines = textwrap.dedent(text).rstrip("\n").split("\n")
    return [".PP", ".RS 4", ".EX", *(_harmless(escaped(line)) for line in lines), ".EE", ".RE"]


def without_empty_paragraphs(lines: Sequence[str]) -> list[str]:
    """The lines without a beginning of a paragraph where a heading or an entry begins one."""
    found: list[str] = []
    for line in lines:
        if line.startswith((".SH", ".SS", ".IP", ".TP", ".PP")) and found[-1:] == [".PP"]:
            found.pop()
        if line != ".PP" or not found[-1].startswith((".SH", ".SS")):
            found.append(line)
    return found


def entry(term: str) -> list[str]:
    """The term of a list of terms; what follows explains it."""
    return [".TP", f"\\fB{escaped(term)}\\fR"]


def page(name: str, section: int) -> str:
    """The name of another page, as readers of `man` know it."""
    return f"\\fB{escaped(name)}\\fR({section})"


def markdown(text: str) -> list[str]:
    """A piece of the manual: headings, paragraphs, lists, tables and blocks of code."""
    from markdown_it import MarkdownIt

    lines: list[str] = []
    cells: list[str] = []
    heads: list[str] = []
    inside = item = ""  # what the next inline text is, and how an item of the list begins
    for token in MarkdownIt().enable("table").parse(text):
        kind = token.type
        if kind in ("heading_open", "th_open", "td_open", "list_item_open"):
            inside, item = kind, f".IP {token.info}. 4" if token.info else ".IP \\(bu 3"
        elif kind == "paragraph_open" and inside != "list_item_open":
            lines.append(".PP")
        elif kind in ("fence", "code_block"):
            lines += code(token.content)
        elif kind == "tr_open":
            cells = []
        elif kind == "thead_close":
            heads = cells
        elif kind == "tr_close" and inside == "td_open":
            lines += _row(heads, cells)
            inside = ""
        elif kind == "inline" and inside in ("th_open", "td_open"):
            cells.append(_inline(token))
        elif kind == "inline":
            lines += [f".SH {_inline(token)}"] if inside == "heading_open" else []
            lines += [item] if inside == "list_item_open" else []
            lines += [] if inside == "heading_open" else _lines(_inline(token))
            inside = ""
    return lines


def _inline(token: Token) -> str:
    told, link = "", ""
    for child in token.children or []:
        if child.type == "link_open":
            link = str(child.attrs["href"]).removesuffix(".md")
        elif child.type == "link_close":
            told, link = told + page(f"sparsetool-{link}", 7), ""
        elif link:  # a link to another page is that page's name
            continue
        elif child.type == "softbreak":
            told += " "
        elif child.type == "code_inline":
            told += f"\\fB{escaped(child.content)}\\fR"
        elif child.type.endswith("_close"):
            told += "\\fR"
        else:
            told += f"\\f{FONTS[child.type]}" if child.type in FONTS else escaped(child.content)
    return told


def _row(heads: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    """A row of a table: its first cell is a term, the others explain it, under their headings."""
    yield from (".TP", cells[0] or "\\&")
    named = len(heads) > 2
    rest = [(head, cell) for head, cell in zip(heads[1:], cells[1:], strict=True) if cell]
    yield from _lines("; ".join(f"{head}: {cell}" if named else cell for head, cell in rest))


def _lines(roff: str) -> list[str]:
    """Text that is escaped already, in lines of which none is a request."""
    wrapped = textwrap.wrap(roff, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [_harmless(line) for line in wrapped] or ["\\&"]


def _harmless(line: str) -> str:
    """A line that does not begin as a request does."""
    return f"\\&{line}" if line.startswith((".", "'")) else line or "\\&"
