"""The table of deliberate faults fits the code and the tests as they are."""

from __future__ import annotations

import ast

import pytest

from tests.faults import ROOT, Fault, faults

FAULTS = faults()


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_many_and_each_has_its_name() -> None:
    assert len(FAULTS) >= 40
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_applied_and_its_tests_are_there(fault: Fault) -> None:
    """Its code occurs once in its file, and is still Python when it is wrong."""
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    wrong = ast.dump(ast.parse(fault.applied(text)))
    assert wrong != ast.dump(ast.parse(text)), "it changes nothing"
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), path
        assert not name or name.partition("[")[0] in functions(path), test
