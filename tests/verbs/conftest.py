"""Fixtures of the black-box tests: a folder to work in, and tickets to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

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
