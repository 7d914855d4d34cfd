"""`plot`: pictures, tables and characters, and the files they go to."""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sparsetool.builtin.plots import sweep
from sparsetool.plugins import find
from sparsetool.plugins.plots import Figure, View
from tests.verbs.lines import LINES, LOG, PAIR, TOP, T, accuracies, measured, table, written
from tests.verbs.screen import on_terminal
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


@pytest.fixture
def lines(shell: Shell) -> str:
    return written(shell, "lines.jsonl", LINES)


def figure_of(rows: list[dict], **view: str) -> Figure:
    return sweep.figure(rows, View(**view))


def test_dense_is_a_band_and_standard_is_dotted() -> None:
    rows = [*LINES, *(measured("random", 0, s, 0.8, training="cyclic") for s in (0.5, 0.9))]
    rows += [measured("random", 0, s, 0.7, training="standard") for s in (0.5, 0.9)]
    series = {one.name: one for one in figure_of(rows).panels[0].series}
    assert series["dense"].look == "band"
    assert series["random, cyclic"].look == "solid"
    assert series["random, standard"].look == "dotted"
    assert series["random, cyclic"].colour == series["random, standard"].colour
    others = [one.colour for one in series.values() if one.look == "solid"]
    assert len(set(others)) == len(others) == 3
    rows += [measured("random", 0, s, 0.6, training="cyclic, its batches") for s in (0.5, 0.9)]
    colours = {one.name: one.colour for one in figure_of(rows).panels[0].series}
    assert list(colours.values()).count(colours["random, cyclic, its batches"]) == 1
    (panel,) = figure_of(rows, x="epochs", group="method,sparsity").panels
    assert {one.look for one in panel.series} == {"solid", "dotted"}, "a band is over sparsity"


def test_axes_say_what_and_in_which_unit() -> None:
    (panel,) = figure_of(LINES).panels
    assert panel.x.label == "sparsity (% of prunable weights that are zero)"
    assert panel.y.label == "test accuracy (%)"
    (panel,) = figure_of(LINES, y="loss").panels
    assert panel.y.label == "test loss (nats, mean per example)"
    (panel,) = figure_of(LINES, difference="lrr,sculpt").panels
    assert panel.y.label == "test accuracy, lrr minus sculpt (percentage points)"
    lmc = find.load("plots", "lmc")
    labels = [panel.y.label for panel in lmc.figure([{**PAIR, "split": "test"}], View()).panels]
    assert labels == ["test loss (nats, mean per example)", "test error (%)"]


def test_the_picture_is_the_table() -> None:
    """What matplotlib is told to draw are the numbers of the table, interval included."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from sparsetool.drawing import picture
    from sparsetool.drawing.table import to_csv

    figure = figure_of(LINES)
    paper, axes = plt.subplots()
    picture._panel(figure.panels[0], axes)
    told = table(to_csv(figure))
    for line in axes.lines:
        rows = [row for row in told if row["method"] == line.get_label()]
        ys = [float(row["accuracy"]) for row in rows]
        assert list(line.get_ydata()) == (ys * 2 if line.get_label() == "dense" else ys)
        if line.get_label() != "dense":
            assert list(line.get_xdata()) == [float(row["sparsity"]) for row in rows]
    assert len(axes.lines) == 3
    ends = sorted(y for shade in axes.collections for y in shade.get_paths()[0].vertices[:, 1])
    wanted = [float(r[k]) for r in told if r["method"] == "lrr" for k in ENDS]
    assert set(wanted) <= set(ends)
    (band,) = axes.patches
    corners = band.get_patch_transform().transform(band.get_path().vertices)
    (dense,) = [row for row in told if row["method"] == "dense"]
    found = (corners[:, 1].min(), corners[:, 1].max())
    assert found == pytest.approx([float(dense[k]) for k in ENDS], rel=1e-12)
    plt.close(paper)


def test_what_one_panel_alone_has_stands_in_line() -> None:
    """A row that only the second panel has goes where its x is, not below the table."""
    from sparsetool.builtin.plots import sweep
    from sparsetool.drawing.table import cells, readable

    def row(method: str, epochs: int, **figures: float) -> dict[str, Any]:
        return {"epochs": epochs, "labels": {"method": method, "seed": 0}, **figures}

    rows = [row(m, e, accuracy=0.9, sign_agreement=0.8) for m in "ab" for e in (10, 20)]
    rows += [row(m, e, sign_agreement=1.0) for m in "ab" for e in (0, 15, 30)]
    figure = sweep.figure(rows, View(x="epochs", y="accuracy,sign_agreement"))
    wanted = [(m, e) for m in "ab" for e in (0, 10, 15, 20, 30)]
    assert [(r["method"], r["epochs"]) for r in cells(figure)] == wanted
    names, read = readable(figure)
    assert [(r[0], int(r[names.index("epochs")])) for r in read] == wanted


ENDS = ("accuracy_low", "accuracy_high")


def pixels(png: bytes) -> Iterator[bytes]:
    """Names of the chunks of a PNG, whose sums of control are checked."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        body = png[at + 4 : at + 8 + length]
        assert zlib.crc32(body) == struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        yield body[:4]
        at += 12 + length


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_pictures(shell: Shell, lines: str, suffix: str) -> None:
    for name in ("a", "b"):
        shell.ok("plot", "sweep", lines, "--title", "Two words", "-o", name + suffix)
    data = (shell / f"a{suffix}").read_bytes()
    assert data == (shell / f"b{suffix}").read_bytes(), "the same bytes every time"
    assert b"sparsetool" in data
    if suffix == ".png":
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert list(pixels(data))[-1] == b"IEND"
    elif suffix == ".svg":
        text = data.decode()
        assert "<dc:date>" not in text
        for word in ("test accuracy (%)", "lrr", "sculpt", "dense", "Two words"):
            assert f">{word}<" in text
    else:
        assert data.startswith(b"%PDF")
        assert data.rstrip().endswith(b"%%EOF")
        assert b"CreationDate" not in data


def test_all_kinds_are_drawn(shell: Shell, shelf: Shelf) -> None:
    written(shell, "pair.jsonl", [PAIR])
    written(shell, "top.jsonl", [TOP])
    written(shell, "log.jsonl", LOG)
    inputs = {
        **dict.fromkeys(("lmc", "signs"), "pair.jsonl"),
        **dict.fromkeys(("hessian", "density"), "top.jsonl"),
        **dict.fromkeys(("layers", "mask"), shelf["half"]),
        "curves": "log.jsonl",
        "schedule": "one-cycle:5",
        "sweep": written(shell, "lines.jsonl", LINES),
    }
    assert set(inputs) == set(find.members("plots"))
    for kind, source in inputs.items():
        shell.ok("plot", kind, source, "-o", f"{kind}.png")
        assert (shell / f"{kind}.png").stat().st_size > 5_000
        drawn = shell.ok("plot", kind, source, "--terminal").out.decode()
        assert max(map(len, drawn.splitlines())) <= 80
        assert len(drawn.splitlines()) > 10


def test_characters(shell: Shell) -> None:
    rows = [measured(m, 0, s, a) for m, a in (("lrr", 0.7), ("sculpt", 0.9)) for s in (0.5, 0.9)]
    rows.append(measured("dense", 0, 0.0, 0.8))
    text = shell.ok("plot", "sweep", written(shell, "few.jsonl", rows), "--terminal").out.decode()
    assert text.isascii()
    for word in ("test accuracy (%)", "o lrr", "x sculpt", "- dense", "90%", "50%"):
        assert word in text
    drawn = "".join(row.partition("|")[2] for row in text.splitlines() if "|" in row)
    assert (drawn.count("o"), drawn.count("x")) == (2, 2)


def test_two_dense_levels_can_be_told_apart(shell: Shell) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from sparsetool.drawing import picture

    levels = {"dense, 1 cycle": 0.7, "dense, cyclic": 0.8}
    rows = [*LINES[:2], *(measured(name, 0, 0.0, level) for name, level in levels.items())]
    paper, axes = plt.subplots()
    picture._panel(figure_of(rows).panels[0], axes)
    dashes = {line.get_label(): line.get_linestyle() for line in axes.lines}
    plt.close(paper)
    assert len({dashes[name] for name in levels}) == 2
    text = shell.ok("plot", "sweep", written(shell, "two.jsonl", rows), "--terminal").out.decode()
    assert "- dense, 1 cycle" in text
    assert "= dense, cyclic" in text


# -- files -------------------------------------------------------------------------------------


def test_tables(shell: Shell, lines: str) -> None:
    shell.ok("plot", "sweep", lines, "--table", "t.csv", "--table", "t.md", "-o", "t.png")
    assert (shell / "t.csv").read_bytes() == shell.ok("plot", "sweep", lines).out
    rows = (shell / "t.md").read_text().splitlines()
    assert len({len(row) for row in rows}) == 1, "columns are aligned"
    assert [cell.strip() for cell in rows[0].strip("|").split("|")] == [
        *("method", "sparsity", "n", "epochs", "accuracy"),
    ]
    values = accuracies("lrr", 0.5)
    half = T[2] * np.std(values, ddof=1) / math.sqrt(3)
    assert f"| {np.mean(values):.2%} ± {half:.2%} |" in rows[2]
    assert "|   50.00% |" in rows[2]
    assert re.fullmatch(r"\| -+ \| -+: \| -+: \| -+: \| -+: \|", rows[1])


def test_what_is_there_is_not_drawn_again(shell: Shell, lines: str) -> None:
    line = ("plot", "sweep", lines, "-o", "t.png", "--table", "t.csv", "--table", "t.md")
    shell.ok(*line)
    before = shell.snapshot()
    blocked = shell.state.parent / "no-matplotlib" / "matplotlib"
    blocked.mkdir(parents=True)
    (blocked / "__init__.py").write_text("raise SystemExit(99)\n")
    path = f"{blocked.parent}:{shell.env['PYTHONPATH']}"
    again = shell.run(*line, env={"PYTHONPATH": path})
    assert again.code == 0, again.err
    assert again.err.count("up to date") == 3
    assert shell.snapshot() == before
    drawn = shell.run(*line[:3], "-o", "u.png", env={"PYTHONPATH": path})
    assert (drawn.code, "exits with 99" in drawn.err) == (1, True), "a guard"
    other = written(shell, "other.jsonl", LINES[:6])
    for option, name in (("-o", "t.png"), ("--table", "t.csv"), ("--table", "t.md")):
        shell.refuses(1, "plot", "sweep", other, option, name, says=(name, "--force"))
    shell.refuses(1, "plot", "sweep", other, "-o", "new.png", "--table", "t.md", says="--force")
    shell.ok("plot", "sweep", other, "-o", "t.png", "--table", "t.csv", "--force")
    assert len(table((shell / "t.csv").read_bytes())) == 2


def test_a_table_on_a_terminal(shell: Shell, lines: str) -> None:
    text = on_terminal(shell, "plot", "sweep", lines)
    assert re.search(r"method\s+sparsity\s+n\s+epochs\s+accuracy", text)
    assert re.search(r"lrr\s+50.00%\s+3\s+9\s+9\d\.\d\d% ± \d+\.\d\d%", text)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("swep", "lines.jsonl"), 2, "did you mean sweep"),
        (("sweep", "lines.jsonl", "-o", "a.jpg"), 2, r"\.png, \.svg, \.pdf"),
        (("sweep", "lines.jsonl", "-o", "-"), 2, r"\.png"),
        (("sweep", "lines.jsonl", "--table", "a.txt"), 2, r"\.csv, \.md"),
        (("sweep", "lines.jsonl", "--table", "-", "--terminal"), 2, "one of"),
        (("sweep", "lines.jsonl", "--group", "metod"), 2, "did you mean method"),
        (
            ("sweep", "lines.jsonl", "--y", "acuracy"),
            1,
            "no line has 'acuracy': did you mean accuracy",
        ),
        (("sweep", "lines.jsonl", "--x", "spasity"), 1, "spasity"),
        (("lmc", "lines.jsonl"), 1, "alpha"),
        (("layers", "lines.jsonl"), 1, "JSON text, not a ticket"),
        (("sweep", "empty.jsonl"), 1, "no lines"),
        (("sweep", "words.jsonl"), 1, "words.jsonl, line 2: not JSON"),
        (("sweep", "list.jsonl"), 1, "line 1: not a JSON object"),
        (("sweep", "missing.jsonl"), 1, "missing.jsonl"),
        (("sweep", "-", "-"), 2, "standard input"),
        (("sweep",), 1, "empty"),
        (("sweep", "lines.jsonl", "-o", "no/a.png"), 1, "no folder"),
    ],
)
def test_bad_input(shell: Shell, lines: str, words: tuple[str, ...], code: int, says: str) -> None:
    (shell / "empty.jsonl").write_text("\n")
    (shell / "words.jsonl").write_text('{"a": 1}\nhello\n')
    (shell / "list.jsonl").write_text("[1, 2]\n")
    shell.refuses(code, "plot", *words, says=says)


def test_nothing_is_drawn_with_torch(shell: Shell, lines: str, shelf: Shelf) -> None:
    for words in (("sweep", lines), ("layers", shelf["half"]), ("schedule", shelf["trained"])):
        done = shell.run("plot", *words, torch=False)
        assert done.code == 0, done.err
        assert Path(str(words[1])).name not in done.err
