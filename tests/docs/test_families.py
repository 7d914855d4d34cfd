"""A folder is a family, a file is a member: each member is what its family's docstring fixes."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

import sparsetool
from sparsetool import registry
from sparsetool.errors import UsageError

PACKAGE = Path(sparsetool.__file__).parent


def promise(family: str) -> str:
    """What the family's docstring says of its members; empty where the folder is no family."""
    text = ast.get_docstring(ast.parse((PACKAGE / family / "__init__.py").read_text("utf-8"))) or ""
    return text if re.search(r"\bmember\b", text) else ""


FAMILIES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
PROMISES = {family: promise(family) for family in FAMILIES if promise(family)}
MEMBERS = [(family, name) for family in PROMISES for name in registry.members(family)]


def functions(text: str, kind: str = "fixed") -> dict[str, list[str]]:
    """Arguments of the functions that a docstring shows, by name.

    The sentence before the lines that show them says what they are: members `may` define them
    ("offered"), or do so `instead of` the fixed ones ("other"); else they are "fixed".
    """
    shown: dict[str, dict[str, list[str]]] = {"fixed": {}, "offered": {}, "other": {}}
    now = "fixed"
    for paragraph in re.split(r"\n\s*\n", text):
        if not paragraph.startswith(" "):
            last = " ".join(paragraph.split()).split(". ")[-1]
            now = "other" if "instead of" in last else "offered" if " may " in last else "fixed"
        for name, arguments in re.findall(r"^ {4}def (\w+)\((.*?)\)", paragraph, re.M | re.S):
            shown[now][name] = re.findall(r"\w+", arguments)
    return shown[kind]


def may_be_none(text: str) -> set[str]:
    return set(re.findall(r"`(\w+) = None`", text))


def optional(text: str) -> dict[str, list[str]]:
    """Functions that only some members define: shown as such, or named in a sentence."""
    found = re.findall(r"`(\w+)\(([\w, ]*)\)`", text)
    named = {name: re.findall(r"\w+", arguments) for name, arguments in found}
    return {**named, **functions(text, "offered"), **functions(text, "other")}


def statements(text: str) -> dict[str, set[str]]:
    """Constants that a member states, each with the values it may have."""
    found = re.findall(r'^ {4}([A-Z]+) = ("[^"\n]*"(?: \| "[^"\n]*")*)$', text, re.MULTILINE)
    return {name: set(re.findall(r'"([^"]*)"', values)) for name, values in found}


def docstring(family: str, name: str) -> str:
    return (
        ast.get_docstring(ast.parse(registry.source(family, name).read_text(encoding="utf-8")))
        or ""
    )


def test_the_promises_are_read():
    """Guards the others: an empty answer would pass them all."""
    assert {"criteria", "densities", "schedules", "datasets", "models", "plots"} <= set(PROMISES)
    assert functions(PROMISES["criteria"]) == {"score": ["ticket", "evidence"]}
    assert optional("It may define\n\n    def f(a, b) -> int\n") == {"f": ["a", "b"]}
    assert {"facts", "load", "fingerprint"} <= set(functions(PROMISES["datasets"]))
    assert "weights" in statements(PROMISES["criteria"])["NEEDS"]
    assert all(functions(text) for text in PROMISES.values())
    assert len(MEMBERS) > 15


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_member_defines_the_functions_of_its_family(family, name):
    module = import_module(f"sparsetool.{family}.{name.replace('-', '_')}")
    text = PROMISES[family]
    fixed, other = functions(text), functions(text, "other")
    wanted = other if other and all(hasattr(module, function) for function in other) else fixed
    for function, arguments in wanted.items():
        defined = getattr(module, function)
        if defined is None:
            assert function in may_be_none(text)
        else:
            assert list(inspect.signature(defined).parameters) == arguments, function
    for function, arguments in optional(text).items():
        if function not in wanted and hasattr(module, function):
            assert list(inspect.signature(getattr(module, function)).parameters) == arguments


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_member_states_what_its_family_asks(family, name):
    for constant, values in statements(PROMISES[family]).items():
        stated = registry.constant(family, name, constant)
        assert isinstance(stated, str), f"{constant} is not stated as a literal"
        assert len(values) == 1 or stated in values


@pytest.mark.parametrize(
    ("family", "name"), MEMBERS + [("verbs", v) for v in registry.members("verbs")]
)
def test_the_first_line_of_a_docstring_is_a_summary(family, name):
    first, _, rest = docstring(family, name).partition("\n")
    assert first.endswith("."), "a whole sentence on one line"
    assert first == first.strip()
    assert not rest or rest.startswith("\n"), "an empty line after the summary"
    assert registry.summary(family, name) == first.rstrip(".")


@pytest.mark.parametrize("family", [*PROMISES, "verbs"])
def test_summaries_tell_members_apart(family):
    said = [registry.summary(family, name) for name in registry.members(family)]
    assert len(set(said)) == len(said) > 0


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_mistyped_name_is_answered_with_the_nearest(family, name):
    with pytest.raises(UsageError) as error:
        registry.load(family, f"{name}x")
    assert f"'{name}x'" in str(error.value)
    assert re.search(rf"did you mean .*\b{re.escape(name)}\b", str(error.value))


def test_a_name_near_nothing_is_answered_with_all():
    with pytest.raises(UsageError) as error:
        registry.load("densities", "qqqqqqqq")
    assert str(error.value).startswith("unknown density 'qqqqqqqq'")
    assert all(name in str(error.value) for name in registry.members("densities"))
