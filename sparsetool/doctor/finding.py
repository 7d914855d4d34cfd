"""What one check of a machine found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: Its name.
        state: `ok`, `warning` (works, but not as well as it could) or `problem`.
        found: What was found, in a few words.
        advice: What to do; empty where there is nothing to.
    """

    check: str
    state: str
    found: str
    advice: str = ""
