"""`import sparsetool`: every public name is there and says what it takes."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import sparsetool

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
    assert typed == {name: getattr(sparsetool, name).__module__ for name in NAMES}


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sparsetool.nonsense
