"""Colours that vanish neither on a light terminal nor on a dark one; numbers that are never cut."""

from __future__ import annotations

import io
import re

import pytest
from rich.color import Color
from rich.console import Console
from rich.style import Style

from sparsetool import guide
from sparsetool.cli import colours, main
from sparsetool.cli.tables import Column, table
from sparsetool.cli.verbs import diff, flops, show

# Nothing, bold, italic, underlined; magenta, and back to the terminal's own colour.
READABLE = {"0", "1", "3", "4", "35", "39"}


def luminance(color: Color) -> float:
    """The relative luminance of WCAG 2.1."""
    parts = [part / 255 for part in color.get_truecolor()]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", colours.STYLES)
def test_every_style_is_told_from_black_and_from_white(name: str) -> None:
    style = Style.parse(colours.STYLES[name])
    assert style.bgcolor is None
    assert not style.dim
    if style.color is not None and style.color.name != colours.CODE:
        light = luminance(style.color)
        assert (light + 0.05) / 0.05 >= 3
        assert 1.05 / (light + 0.05) >= 3


def coloured(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *words: str
) -> str:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with pytest.raises(SystemExit) as stop:
        main.main(list(words))
    assert not stop.value.code
    return capfd.readouterr().out


@pytest.mark.parametrize("topic", guide.names())
def test_a_page_is_readable_on_any_background(
    topic: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sparsetool.cli.verbs.guide.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = coloured(monkeypatch, capfd, "guide", topic)
    codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", shown) for code in found.split(";")}
    assert {"1", "35"} <= codes <= READABLE
    assert "…" in guide.text(topic) or "…" not in shown, "a word is cut"


def test_a_table_is_readable_on_any_background(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also what it says of the columns for which there is no room."""
    monkeypatch.setattr("sparsetool.cli.measure.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    shown = coloured(monkeypatch, capfd, "data")
    assert "no room for" in shown
    codes = {code for found in re.findall(r"\x1b\[([\d;]*)m", shown) for code in found.split(";")}
    assert {"1", "3"} <= codes <= READABLE


LONG = "runs/seed-0/cycle-1.st → runs/seed-0/cycle-2.st"
NUMBER, FRACTION = 123_456_789, 0.123456
MEMORY = {"packed": NUMBER, "packed_relative": FRACTION}
PAIR = (Column("pair", "tickets"), *diff.FIGURES)
FULL = (Column("file"), Column("pair"), *(Column(f"n{place}", "", "018,") for place in range(2)))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "columns", [flops.COLUMNS, show.COLUMNS, PAIR, FULL], ids=["flops", "show", "diff", "full"]
)
def test_neither_a_number_nor_a_text_is_cut(columns: tuple[Column, ...], width: int) -> None:
    texts = {"file": LONG, "pair": LONG, "model": "resnet20", "data": "digits", "digest": "a" * 12}
    whole = {
        "n0",
        "n1",
        "kept",
        "prunable",
        "macs",
        "macs_sparse",
        "epochs",
        "seed",
        "sign_flips",
        "kept_both",
    }
    row = {c.key: texts.get(c.key, NUMBER if c.key in whole else FRACTION) for c in columns}
    row["memory"] = MEMORY
    screen = Console(width=width, file=io.StringIO(), color_system=None)
    screen.print(table([row], columns, width))
    assert isinstance(screen.file, io.StringIO)
    text = screen.file.getvalue()
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    head = " ".join(text.split("─")[0].split())
    left_out = re.sub(r"\s+", " ", text).partition("no room for: ")[2]
    for column in columns:
        if column.title not in left_out:
            assert all(word in head for word in column.title.split())
            assert row[column.key] in texts.values() or column.cell(row) in text, column.key
    first = re.findall(r"^ (\S.*?)(?:   |$)", text.split("─")[-1].split("no room")[0], re.MULTILINE)
    assert "".join(first).replace(" ", "") == LONG.replace(" ", "")


def test_where_a_table_cannot_be_read_its_rows_are_listed() -> None:
    """Also those columns that could be spared."""
    columns = [Column("file"), *(Column(f"n{k}", "", ",", spare=k == 3) for k in range(5))]
    row = {"file": "a.st", **{f"n{k}": 12_345_678 + k for k in range(5)}, "labels": {}}
    screen = Console(width=40, file=io.StringIO(), color_system=None)
    screen.print(table([row], columns, 40))
    assert isinstance(screen.file, io.StringIO)
    first, *rest = screen.file.getvalue().splitlines()
    told = "; ".join(f"n{k}: 12,345,67{8 + k}" for k in range(2))
    assert first.strip() == "a.st"
    assert " ".join(" ".join(rest).split()).startswith(f"{told}; n2: 12,345,680")
    assert "n3: 12,345,681" in " ".join(" ".join(rest).split())
    assert "12,345,682" in rest[-1]
    assert max(map(len, [first, *rest])) <= 40
