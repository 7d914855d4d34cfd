"""The same folder and tickets as the tests of single verbs, and what a run must end with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.verbs.conftest import quick, shelf, shell
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

__all__ = ["quick", "shelf", "shell", "whole"]


@pytest.fixture(scope="session")
def whole(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """The bytes of the uninterrupted run, by its line; no run folder takes part."""
    shell = Shell(tmp_path_factory.mktemp("whole") / "work", tmp_path_factory.mktemp("state"))
    made: dict[tuple, bytes] = {}

    def result(line: tuple[str, ...]) -> bytes:
        if line not in made:
            made[line] = shell.ok(*line, "--no-store", shelf["half"]).out
        return made[line]

    return result
