"""Whatever is read may be damaged in any way: one line, no hang, no traceback (tests/fuzz.py)."""

from __future__ import annotations

import pytest

from tests.fuzz import fuzz

MB_MORE = 300  # no input is larger than two


@pytest.mark.parametrize(("what", "count"), [("tickets", 2000), ("lines", 400)])
def test_damaged_input(what: str, count: int) -> None:
    tally = fuzz(what, count, seed=18)
    assert not tally.bad, [told for told, _ in tally.bad[:5]]
    assert tally.counts["MB more"] < MB_MORE
    if what == "tickets":
        assert tally.counts["refused"] > count / 2, "the mutations damage nothing"
        assert tally.counts["taken"] > count / 50, "no mutation gets past the reader"
