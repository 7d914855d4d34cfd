"""Fixtures of the black-box tests: a folder to work in, and tickets to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines import warm
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty working folder with a run store of its own."""
    return Shell(tmp_path / "work", tmp_path / "state")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Tickets by name, made once per session."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the program, torch imported already: for recipes' many short commands."""
    with warm.program(tmp_path_factory.mktemp("quick")) as program:
        yield program.parent
