"""Results that a notebook shows as tables; everywhere else they are the dicts and lists they were.

They are equal to plain ones, written by `json` as those are, and printed as those are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..ticket import html


class Row(dict[str, Any]):
    """Figures by name. Where several rows are in one of them, that is a table of its own."""

    def _repr_html_(self) -> str:
        inner = {name: made for name, value in self.items() if (made := _inner(value))}
        plain = {name: value for name, value in self.items() if name not in inner}
        parts = [html.facts(plain)] if plain else []
        return "".join([*parts, *(f"<p>{html.cell(n)}</p>{made}" for n, made in inner.items())])


class Rows(list[dict[str, Any]]):
    """Rows of figures, each a dict."""

    def _repr_html_(self) -> str | None:
        return html.table(self) if self else None


def _inner(value: Any) -> str:
    """The table of figures that are inside others; nothing for what fits a cell."""
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return html.table(value)
    if not isinstance(value, Mapping) or not value:
        return ""
    if all(isinstance(each, Mapping) for each in value.values()):
        return html.table([{"name": name, **each} for name, each in value.items()])
    return html.facts(value)


def shown(result: Any) -> Any:
    """A function's result so that a notebook shows it; what is no dict or list of dicts stays."""
    if type(result) is dict:
        return Row(result)
    if type(result) is list and result and all(type(each) is dict for each in result):
        return Rows(map(Row, result))
    return result
