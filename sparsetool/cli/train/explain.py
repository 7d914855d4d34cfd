"""`train-cycles --show-config`: what a training would be done with, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...plugins.own_code import name_model
from ...training.explained import explained
from ...training.settings import resolve
from ..measure import Column, Report
from .request import Session

COLUMNS = (Column("setting"), Column("value"), Column("why"))


def explain(session: Session, asked: Mapping[str, Any]) -> None:
    """Say with what settings a session would train, and why; nothing is trained."""
    start = session.job.read()
    name_model(start, session.model)
    settings = resolve(start, asked, session.data_root)
    rows = explained(start, settings, asked, session.n, session.data_root)
    Report(session.job.verb, (), quiet=session.job.quiet).emit(rows, COLUMNS)
