"""`plot`: a kind takes the options that it looks at, and refuses the others."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from sparsetool import Ticket
from sparsetool.plugins import find
from sparsetool.plugins.plots import View
from tests.verbs.lines import LINES, LOG, PAIR, TOP, written
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

KINDS = find.members("plots")
OPTIONS = tuple(field.name for field in fields(View))


def taken(kind: str) -> tuple[str, ...]:
    found = find.constant("plots", kind, "TAKES")
    assert isinstance(found, tuple), f"{kind} states TAKES"
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_what_it_looks_at(shelf: Shelf, kind: str) -> None:
    seen = set()

    class Watched(View):
        def __getattribute__(self, name: str) -> Any:
            seen.add(name)
            return super().__getattribute__(name)

    ticket = [("half", Ticket.load(shelf["half"]))]
    sources = {
        **{each: [PAIR] for each in ("lmc", "signs")},
        **{each: [TOP] for each in ("hessian", "density")},
        **dict.fromkeys(("layers", "mask"), ticket),
        "curves": LOG,
        "schedule": [("cosine", None)],
        "sweep": LINES,
    }
    find.load("plots", kind).figure(sources[kind], Watched())
    assert seen & set(OPTIONS) == set(taken(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_an_option_that_a_kind_has_no_use_for_is_refused(shell: Shell, kind: str) -> None:
    """Before anything is read or written, and naming a kind that it is for."""
    for option in OPTIONS:
        words = ("plot", kind, "missing", f"--{option}", "1", "-o", "a.png")
        if option in taken(kind):
            assert "takes no" not in shell.run(*words).err
        else:
            other = next(each for each in KINDS if option in taken(each))
            says = rf"plot {kind} takes no --{option}: it is for plot .*{other}"
            shell.refuses(2, *words, says=says)


@pytest.mark.parametrize(("kind", "line"), [("curves", LOG[0]), ("lmc", PAIR), ("density", TOP)])
def test_a_label_that_no_line_has(shell: Shell, kind: str, line: dict) -> None:
    name = written(shell, "lines.jsonl", [{**line, "labels": {"method": "lrr"}}])
    says = "no line has the label 'metod': did you mean method"
    shell.refuses(2, "plot", kind, name, "--group", "metod", says=says)
    shell.ok("plot", kind, name, "--group", "method")
