"""A folder is a family, a file is a member: each member is what its family's docstring fixes."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from sparsetool.errors import UsageError
from sparsetool.plugins import find

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sparsetool"


def promise(family: str) -> str:
    """What the family's docstring says of its members; empty where the folder is no family."""
    text = (
        ast.get_docstring(ast.parse((PACKAGE / "plugins" / f"{family}.py").read_text("utf-8")))
        or ""
    )
    return text if re.search(r"\bmember\b", text) else ""


FAMILIES = sorted(path.parent.name for path in PACKAGE.glob("builtin/*/__init__.py"))
PROMISES = {family: promise(family) for family in FAMILIES if promise(family)}
MEMBERS = [(family, name) for family in PROMISES for name in find.members(family)]


@dataclass(frozen=True)
class Group:
    """Functions that a docstring shows together, and the paragraph that says whose they are.

    Every member defines them ("fixed"); or each member as it likes ("free": members `may`); or
    all or none of them ("some": a member `whose` ..., or `instead of` a fixed one).
    """

    kind: str
    functions: dict[str, list[str]]
    waived: frozenset[str]  # fixed functions that a member with all of these need not define


def groups(text: str) -> list[Group]:
    found, said = [], ""
    for paragraph in re.split(r"\n\s*\n", text):
        if not paragraph.startswith(" "):
            said = " ".join(paragraph.split())
        shown = re.findall(r"^ {4}def (\w+)\((.*?)\)", paragraph, re.M | re.S)
        kind = "free" if " may " in said.split(". ")[-1] else "fixed"
        if re.search(r"instead of|^A member (whose|that)", said):
            kind = "some"
        waived = re.findall(r"(?:instead of|no) `(\w+)`", said)
        arguments = {name: re.findall(r"\w+", inside) for name, inside in shown}
        if arguments:
            found.append(Group(kind, arguments, frozenset(waived)))
    named = re.findall(r"`(\w+)\(([\w, ]*)\)`", text)  # in a sentence
    free = {name: re.findall(r"\w+", inside) for name, inside in named}
    return [*found, Group("free", free, frozenset())]


def fixed(text: str) -> dict[str, list[str]]:
    """Arguments of the functions that every member defines, by name."""
    return {k: v for g in groups(text) if g.kind == "fixed" for k, v in g.functions.items()}


def may_be_none(text: str) -> set[str]:
    return set(re.findall(r"`(\w+) = None`", text))


def statements(text: str) -> dict[str, set[str]]:
    """Constants that a member states, each with the values it may have."""
    found = re.findall(r'^ {4}([A-Z]+) = ("[^"\n]*"(?: \| "[^"\n]*")*)$', text, re.MULTILINE)
    return {name: set(re.findall(r'"([^"]*)"', values)) for name, values in found}


def docstring(family: str, name: str) -> str:
    return ast.get_docstring(ast.parse(find.source(family, name).read_text(encoding="utf-8"))) or ""


def test_the_promises_are_read():
    """Guards the others: an empty answer would pass them all."""
    assert {"criteria", "densities", "schedules", "datasets", "models", "plots"} <= set(PROMISES)
    assert fixed(PROMISES["criteria"]) == {"score": ["ticket", "evidence"]}
    assert {"facts", "load", "fingerprint"} <= set(fixed(PROMISES["datasets"]))
    (made,) = groups("A member that is slow defines, instead of `f`,\n\n    def g(a, b) -> int\n")[
        :1
    ]
    assert made == Group("some", {"g": ["a", "b"]}, frozenset({"f"}))
    assert "weights" in statements(PROMISES["criteria"])["NEEDS"]
    assert all(fixed(text) for text in PROMISES.values())
    assert len(MEMBERS) > 15


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_member_defines_the_functions_of_its_family(family, name):
    module = import_module(f"sparsetool.builtin.{family}.{name.replace('-', '_')}")
    text = PROMISES[family]
    wanted = set(fixed(text))
    for group in groups(text):
        if group.kind == "some" and any(hasattr(module, each) for each in group.functions):
            wanted = (wanted - group.waived) | set(group.functions)
    missing = {each for each in wanted if not hasattr(module, each)}
    assert not missing
    for group in groups(text):
        for function, arguments in group.functions.items():
            defined = getattr(module, function, None)
            if defined is None:
                assert function not in wanted or function in may_be_none(text)
            else:
                assert list(inspect.signature(defined).parameters) == arguments, function


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_member_states_what_its_family_asks(family, name):
    for constant, values in statements(PROMISES[family]).items():
        stated = find.constant(family, name, constant)
        assert isinstance(stated, str), f"{constant} is not stated as a literal"
        assert len(values) == 1 or stated in values


@pytest.mark.parametrize(
    ("family", "name"), MEMBERS + [("verbs", v) for v in find.members("verbs")]
)
def test_the_first_line_of_a_docstring_is_a_summary(family, name):
    first, _, rest = docstring(family, name).partition("\n")
    assert first.endswith("."), "a whole sentence on one line"
    assert first == first.strip()
    assert not rest or rest.startswith("\n"), "an empty line after the summary"
    assert find.summary(family, name) == first.rstrip(".")


@pytest.mark.parametrize("family", [*PROMISES, "verbs"])
def test_summaries_tell_members_apart(family):
    said = [find.summary(family, name) for name in find.members(family)]
    assert len(set(said)) == len(said) > 0


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_mistyped_name_is_answered_with_the_nearest(family, name):
    with pytest.raises(UsageError) as error:
        find.load(family, f"{name}x")
    assert f"'{name}x'" in str(error.value)
    assert re.search(rf"did you mean .*\b{re.escape(name)}\b", str(error.value))


def test_a_name_near_nothing_is_answered_with_all():
    with pytest.raises(UsageError) as error:
        find.load("densities", "qqqqqqqq")
    assert str(error.value).startswith("unknown density 'qqqqqqqq'")
    assert all(name in str(error.value) for name in find.members("densities"))
