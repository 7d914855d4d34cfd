"""What a call from Python shows: text and tables of tickets and results, a bar in a notebook."""

from __future__ import annotations

import json
import pickle
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import sparsetool
from sparsetool import compare, diff, evaluate, init, levels, lmc, mask, plot, show, train_cycles
from sparsetool.compute.progress import counted
from sparsetool.errors import SparsetoolError
from sparsetool.notebook import bar, call
from sparsetool.ticket import html
from sparsetool.ticket.value import Ticket

PUBLIC = [n for n in sparsetool.__all__ if n not in ("Ticket", "__version__")]


@pytest.fixture(scope="module")
def start() -> Ticket:
    return mask(init("mlp:8"), criterion="random", density="balanced", sparsity=0.5)


@pytest.fixture(scope="module")
def trained(start: Ticket) -> Ticket:
    return train_cycles(start, n=2, epochs=1)


class Shown:
    """A display of a notebook: each text that stood in it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.displays = 0

    def display(self, shown: Any, display_id: bool) -> Shown:
        assert display_id
        self.displays += 1
        self.update(shown)
        return self

    def update(self, shown: Any) -> None:
        self.seen.append((repr(shown), shown._repr_html_()))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """As if this were a notebook's process, whose bars are drawn at every step."""
    shown = Shown()
    ipython: Any = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())
    display: Any = ModuleType("IPython.display")
    display.display = shown.display
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(bar, "AFTER", 0.0)
    monkeypatch.setattr(bar, "EVERY", 0.0)
    return shown


# -- tickets ---------------------------------------------------------------------------------------


def test_a_ticket_says_in_four_lines_what_it_is(trained: Ticket):
    accuracy = evaluate(trained)["accuracy"]
    assert repr(trained).splitlines() == [
        "<Ticket of mlp:8 on digits (input 1x8x8, 10 classes)",
        "  296 of 592 prunable weights kept, sparsity 0.5",
        f"  trained for 2 cycles, 2 epochs in all, test accuracy {accuracy:.2%}",
        "  init, mask, train-cycles (2 times)>",
    ]


def test_a_ticket_that_changed_since_has_no_accuracy(start: Ticket, trained: Ticket):
    pruned = mask(trained, criterion="magnitude", sparsity=0.9)
    assert "trained for 2 cycles, 2 epochs in all\n" in repr(pruned)
    assert "test accuracy" not in pruned._repr_html_()
    assert "not yet" in start._repr_html_()


@pytest.mark.parametrize("shape", ["ticket", "row", "rows", "nested"])
def test_tables_leave_colours_to_the_notebook(trained: Ticket, shape: str):
    made = {
        "ticket": trained,
        "row": evaluate(trained),
        "rows": lmc(trained, trained, points=2),
        "nested": show(trained, layers=True),
    }[shape]
    text = made._repr_html_()  # type: ignore[union-attr]
    assert text.count("<table>") == text.count("</table>") == (2 if shape == "nested" else 1)
    assert not {"color", "background", "class="} & {*text.replace("=", "= ").split()}
    assert all("color" not in part and "background" not in part for part in text.split('"'))


def test_text_in_a_table_is_no_html():
    assert html.facts({"<b>": "a & <i>"}).count("<td") == 1
    assert "&lt;b&gt;" in html.facts({"<b>": "a & <i>"})
    assert "a &amp; &lt;i&gt;" in html.facts({"<b>": "a & <i>"})


def test_of_many_rows_the_first_are_shown():
    text = html.table([{"n": at} for at in range(html.MOST + 5)])
    assert text.count("<tr>") == html.MOST + 1
    assert text.endswith("<p>and 5 more</p>")


# -- results ---------------------------------------------------------------------------------------


def test_results_are_the_dicts_and_lists_they_were(trained: Ticket):
    from sparsetool.evaluation import measure

    plain, found = measure.evaluate(trained), evaluate(trained)
    assert type(plain) is dict
    assert found == plain
    assert repr(found) == repr(plain)
    assert json.dumps(found) == json.dumps(plain)
    assert pickle.loads(pickle.dumps(found)) == plain


def test_differences_and_layers_are_tables(trained: Ticket):
    rows = [
        {"accuracy": a, "sparsity": 0.9, "labels": {"method": m, "seed": s}}
        for m, figures in {"a": (0.8, 0.9), "b": (0.7, 0.75)}.items()
        for s, a in enumerate(figures)
    ]
    table = compare(rows, "accuracy", between=["a,b"])._repr_html_()  # type: ignore[attr-defined]
    assert ">difference</th>" in table
    assert ">0.125</td>" in table
    layers = diff(trained, trained)._repr_html_()  # type: ignore[attr-defined]
    assert "<p>layers</p><table>" in layers
    assert ">fc2.weight</td>" in layers
    assert "<p>total</p><table>" in layers


def test_a_list_that_is_empty_is_no_table():
    from sparsetool.notebook.results import Rows, shown

    assert shown([]) == []
    assert Rows()._repr_html_() is None


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_can_be_sent_to_another_process(name: str):
    function = getattr(sparsetool, name)
    assert pickle.loads(pickle.dumps(function)) is function
    assert function.__name__ == function.__wrapped__.__name__


def test_a_picture_shows_itself_without_pyplot(trained: Ticket):
    before = "matplotlib.pyplot" in sys.modules
    rows = [{"labels": {"method": "lrr"}, **row} for row in lmc(trained, trained, points=2)]
    made = plot("lmc", rows)._repr_mimebundle_()  # type: ignore[attr-defined]
    assert made["image/png"].startswith(b"\x89PNG")
    assert "error (%)" in made["text/plain"]
    assert "o train" in made["text/plain"]
    assert ("matplotlib.pyplot" in sys.modules) == before


# -- the bar ---------------------------------------------------------------------------------------


def test_a_training_has_a_bar(notebook: Shown, start: Ticket):
    trained = train_cycles(start, n=2, epochs=2)
    text, markup = notebook.seen[-1]
    accuracy = trained.lineage[-1]["figures"]["test_accuracy"]
    assert notebook.displays == 1
    assert text.startswith("train_cycles: cycle 2/2, epoch 2/2; 0:00:0")
    assert text.endswith(f"test accuracy {accuracy:.2%}")
    assert " left" not in text
    assert '<progress value="48" max="48">' in markup
    assert "batches of 128" in markup
    assert len(notebook.seen) > 48
    assert any("epoch 1/2" in seen and " left" in seen for seen, _ in notebook.seen)


def test_trainings_of_levels_share_a_bar(notebook: Shown, trained: Ticket):
    found = list(levels(trained, to=0.6, rate=0.1, epochs=1))
    assert [ticket.kept for ticket in found][-1] == 237
    assert notebook.displays == 1
    assert "levels: training 2, cycle 1/1, epoch 1/1" in notebook.seen[-1][0]
    assert '<progress value="12" max="12">' in notebook.seen[-1][1]


def test_a_training_without_a_known_end_has_a_bar_under_way(notebook: Shown, start: Ticket):
    train_cycles(start, until_peak=True, most_cycles=2, val=0.1, epochs=1)
    assert "<progress></progress>" in notebook.seen[-1][1]
    assert "cycle 2, epoch 1/1" in notebook.seen[-1][0]


def test_a_score_in_rounds_has_a_bar(notebook: Shown, start: Ticket):
    mask(start, criterion="synflow", sparsity=0.5, iterations=3)
    assert "mask: round 3/3" in notebook.seen[-1][0]
    assert "rounds/s" in notebook.seen[-1][0]


def test_curvature_counts_its_products(notebook: Shown, trained: Ticket):
    """Nobody knows how many there will be; the batches of the sample are not what is counted."""
    found = sparsetool.hessian(trained, examples=1000)
    text, markup = notebook.seen[-1]
    assert f"hessian: {found['products'] - 1} products; " in text
    assert "products/" in text
    assert " left" not in text
    assert "<progress></progress>" in markup


def test_an_observer_of_ones_own_is_not_replaced(notebook: Shown, start: Ticket):
    from sparsetool.training.observer import Observer

    train_cycles(start, epochs=1, watch=Observer())
    assert not notebook.seen


def test_a_short_call_and_one_step_have_none(notebook: Shown, monkeypatch: pytest.MonkeyPatch):
    def work(total: int) -> None:
        list(counted(range(total), "batch", total))

    call.public(work)(1)
    assert not notebook.seen
    monkeypatch.setattr(bar, "AFTER", 60.0)
    call.public(work)(9)
    assert not notebook.seen
    monkeypatch.setattr(bar, "AFTER", 0.0)
    call.public(work)(9)
    assert "batches/" in notebook.seen[-1][0]


def test_elsewhere_nothing_is_shown(
    notebook: Shown, start: Ticket, monkeypatch: pytest.MonkeyPatch, capsys: Any
):
    """Neither at IPython's prompt nor in a script, which never imports IPython."""
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: SimpleNamespace())
    train_cycles(start, epochs=1)
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: None)
    train_cycles(start, epochs=1)
    monkeypatch.delitem(sys.modules, "IPython")
    monkeypatch.setitem(sys.modules, "IPython.display", None)  # importing it would fail
    train_cycles(start, epochs=1)
    assert not notebook.seen
    assert capsys.readouterr() == ("", "")


def test_a_worker_process_shows_nothing(notebook: Shown, monkeypatch: pytest.MonkeyPatch):
    assert bar.in_notebook()
    monkeypatch.setattr("multiprocessing.process.parent_process", object)
    assert not bar.in_notebook()


# -- arguments -------------------------------------------------------------------------------------


def small(classes: int) -> None:
    """A network of a cell."""


WRONG: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "lr of train_cycles wants a number, not the text '0.1': leave out the quotes": (
        "train_cycles",
        (...,),
        {"lr": "0.1"},
    ),
    "epochs of levels wants a whole number, not 1.5": (
        "levels",
        (...,),
        {"to": "0.9", "epochs": 1.5},
    ),
    "n of levels wants a whole number, not the text '2': leave out the quotes": (
        "levels",
        (...,),
        {"to": "0.9", "n": "2"},
    ),
    "seed of init wants a whole number, not the text 'one'": ("init", ("mlp",), {"seed": "one"}),
    "model of init wants text, not 5": ("init", (5,), {}),
    "min_per_layer of prune wants a whole number, not the text '1'": (
        "prune",
        (...,),
        {"sparsity": 0.9, "min_per_layer": "1"},
    ),
    "top of hessian wants a whole number, not 1.5": ("hessian", (...,), {"top": 1.5}),
    "confidence of compare wants a number, not the text '95'": (
        "compare",
        ([], "accuracy"),
        {"confidence": "95"},
    ),
    "layers of show wants True or False, not the text 'yes'": ("show", (...,), {"layers": "yes"}),
    "ticket of evaluate wants a ticket, not the text 'a.st': Ticket.load('a.st') reads a file": (
        "evaluate",
        ("a.st",),
        {},
    ),
    "parent of mask wants a ticket, not the text 'a.st': Ticket.load": (
        "mask",
        (...,),
        {"criterion": "movement", "parent": "a.st"},
    ),
    "tickets of lmc wants a ticket, not the text 'b.st'": ("lmc", (..., "b.st"), {}),
    "put a * before the list, average(*tickets)": ("average", ([...],), {}),
    "splits of lmc wants a list, not the text 'test': give ['test']": (
        "lmc",
        (..., ...),
        {"splits": "test"},
    ),
    "evaluate takes no splits: did you mean split": ("evaluate", (...,), {"splits": "test"}),
    "mask takes ticket by place, the rest by name, such as criterion=...": ("mask", (..., 0.5), {}),
    "has a use for --epoch: did you mean epochs?": ("train_cycles", (...,), {"epoch": 1}),
    "has no use for --iteration: did you mean iterations?": (
        "mask",
        (...,),
        {"criterion": "random", "sparsity": 0.5, "iteration": 1},
    ),
    "put it into a file, and give 'FILE.py:small'": ("init", (small,), {}),
    "wanted of script wants a list, not {'a.st'": ("script", ({"a.st": 1},), {}),
    'tickets by name, as a dict: {"name": ticket}': ("plot", ("layers", ...), {}),
}


@pytest.mark.parametrize("said", WRONG)
def test_an_argument_of_another_type_is_refused_by_name(start: Ticket, said: str):
    name, args, kwargs = WRONG[said]
    with pytest.raises(SparsetoolError) as failed:
        getattr(sparsetool, name)(*(start if each is ... else each for each in args), **kwargs)
    assert said in str(failed.value)
    assert "\n" not in str(failed.value)


def test_numbers_of_other_kinds_are_numbers(start: Ticket):
    import numpy as np

    made = train_cycles(start, n=np.int64(1), epochs=1, lr=1, seed=None, threads=1, val=0.1)
    assert made.epochs == 1
    assert prune_to(start, np.float32(0.75)) == prune_to(start, "0.75") == 148


def prune_to(ticket: Ticket, sparsity: Any) -> int:
    return sparsetool.prune(ticket, sparsity=sparsity).kept


def test_every_type_that_is_checked_is_one_that_a_function_names():
    """Guards the checks: annotations that could not be read would pass anything."""
    from sparsetool.notebook.arguments import OPEN, _open, _wanted

    assert set(OPEN) <= set(PUBLIC)
    assert _open("train_cycles")["lr"] == (float, type(None))
    known = {n: _wanted(getattr(sparsetool, n).__wrapped__) for n in PUBLIC}
    checked = [name for each in known.values() for name, (_, types_of) in each.items() if types_of]
    assert len(checked) > 60
