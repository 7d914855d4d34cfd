"""`import sparsetool`: every public name is there and says what it takes."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

import sparsetool
from sparsetool import guide, list_members
from sparsetool.analysis.claims import Rule
from sparsetool.analysis.hessian import hessian as curvature
from sparsetool.cli import syntax
from sparsetool.drawing.paper import Paper
from sparsetool.masks.request import Choice
from sparsetool.networks.leave import FORMS
from sparsetool.networks.origin import Origin
from sparsetool.plugins import find
from sparsetool.plugins.plots import View
from sparsetool.training.settings import Settings

NAMES = [name for name in sparsetool.__all__ if name != "__version__"]


def sections(text: str) -> set[str]:
    return set(re.findall(r"^\s*(Args|Attributes|Returns|Raises):$", text, re.MULTILINE))


def told(text: str) -> set[str]:
    """Names at the beginning of the entries of `Args:` or `Attributes:`."""
    body = re.search(r"^(?:Args|Attributes):\n((?:[ ].*\n?|\n)*)", inspect.cleandoc(text), re.M)
    return set(re.findall(r"^ {4}(\w+):", body.group(1), re.M)) if body else set()


def test_what_the_manual_names_is_public():
    assert {"Ticket", "mask", "prune", "rewind", "transfer_signs"} <= set(NAMES)
    assert re.fullmatch(r"\d+\.\d+\.\d+", sparsetool.__version__)
    assert dir(sparsetool) == sorted(sparsetool.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_says_what_it_takes(name):
    found = getattr(sparsetool, name)
    assert callable(found)
    text = found.__doc__ or ""
    taken = {p for p in inspect.signature(found).parameters if p != "kwargs"}
    assert text.strip()
    if taken:
        assert sections(text) & {"Args", "Attributes"}
        assert (
            taken - told(text) <= {"lineage", "kind"} if name == "Ticket" else told(text) >= taken
        )


@pytest.mark.parametrize("name", [n for n in NAMES if n != "Ticket"])
def test_a_public_function_says_what_it_gives_and_how_it_fails(name):
    """What a function raises on purpose is in its docstring."""
    found = getattr(sparsetool, name)
    assert found.__annotations__["return"]
    raised = re.findall(r"raise (\w+)", inspect.getsource(found))
    if {"UsageError", "SparsetoolError"} & set(raised):
        assert "Raises" in sections(found.__doc__)


def test_types_see_the_same_names():
    """The imports for type checkers are those that happen on first use."""
    source = Path(sparsetool.__file__).read_text(encoding="utf-8")
    (block,) = [n for n in ast.parse(source).body if isinstance(n, ast.If)]
    typed = {
        alias.asname: f"sparsetool.{node.module}"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found = {name: inspect.unwrap(getattr(sparsetool, name)) for name in NAMES}
    assert typed == {name: each.__module__ for name, each in found.items()}


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sparsetool.nonsense


# -- verbs and functions ---------------------------------------------------------------------------

ROW = re.compile(r"^\| `([a-z-]+)` \| ([^|]*) \| ([^|]*)\|$", re.MULTILINE)
FUNCTIONS = {
    verb: (names, words.strip()) for verb, names, words in ROW.findall(guide.text("python"))
}


def test_every_verb_has_a_function_or_a_reason():
    """The table of `sparsetool guide python`."""
    assert list(FUNCTIONS) == list(find.members("verbs"))
    told = {verb: re.findall(r"`(\w+)`", names) for verb, (names, _) in FUNCTIONS.items()}
    without = {verb for verb, names in told.items() if not names}
    assert without == {"completion", "doctor", "guide", "help", "pipe", "sweep"}
    assert all(FUNCTIONS[verb][1] for verb in without)
    assert {name for names in told.values() for name in names} == set(NAMES) - {"Ticket", "allow"}


# Options of a verb that are no argument of its function: where things go, how they are shown, and
# what only a shell has (names of files, several tickets in one call, a run folder).
SHELL = {
    "config",
    "out_dir",
    "output",
    "force",
    "quiet",
    "json",
    "label",
    "plot",
    "help",
    "model",
    "pairs",
    "table",
}
OTHERWISE = {
    "compare": {"bootstrap", "spread"},  # Rule.resamples; spreads
    "data": {"split"},  # of write_ffcv
    "diff": {"layers"},
    "export": {"packed_dtype", "card", *FORMS},
    "flops": {"layers"},
    "hessian": {"float64"},
    "init": {"seeds"},
    "import": {"map"},  # Origin.maps
    "levels": {"final", "levels", "no_store", "time_limit", "show_config"}  # --levels is `count`
    | {"keep", "keep_every", "log"},
    "lmc": {"split"},
    "mask": {"from", "scores", *find.members("criteria"), *find.members("densities")},
    "plot": {"output", "terminal"},
    "prune": {*find.members("criteria"), *find.members("densities")},
    "recipe": {"plan", "as"},
    "runs": {"follow", "remove", "remove_finished"},
    "show": {"script"},
    "train-cycles": {"keep", "keep_every", "log", "track", "jobs", "no_store", "time_limit"}
    | {"save_epoch", "show_config"},
    "transfer-signs": {"from"},
}
DEEPER: dict[str, tuple[Callable[..., object], ...]] = {
    "compare": (Rule,),
    "hessian": (curvature,),
    "import": (Origin,),
    "levels": (sparsetool.train_cycles, Settings),
    "plot": (View, Paper),
    "train-cycles": (Settings,),
}


TRAINING = ("schedules", "optimizers", "updates", "extras")


@pytest.mark.parametrize("verb", [v for v in FUNCTIONS if "`" in FUNCTIONS[v][0]])
def test_every_option_has_an_argument(verb):
    typed = {name.replace("-", "_") for name in syntax.declared_options(verb)} - SHELL
    names = re.findall(r"`(\w+)`", FUNCTIONS[verb][0])
    called = [*(getattr(sparsetool, name) for name in names), *DEEPER.get(verb, ())]
    arguments = {name for each in called for name in inspect.signature(each).parameters}
    if verb in ("mask", "prune"):
        arguments |= {each.name for each in fields(Choice)}
    families = ("criteria",) if verb in ("mask", "prune") else TRAINING
    own = {o for f in families for m in list_members(f) for o in m["options"]}
    own |= {o for m in list_members("plots") for o in m["options"]} if verb == "plot" else set()
    otherwise = {name.replace("-", "_") for name in OTHERWISE.get(verb, ())}
    assert not typed - arguments - own - otherwise
