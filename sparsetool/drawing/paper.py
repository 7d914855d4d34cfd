"""Size, letters and style of a picture, as a page of a paper wants them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError, nearest

INCHES = {"": 1.0, "in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72.27}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(in|cm|mm|pt)?")


def inches(text: str | None, option: str) -> float | None:
    """A length such as `3.3`, `3.3in`, `84mm`, `8.4cm` or LaTeX's `240pt`, in inches.

    Raises:
        UsageError: It is no such length, or too small or large for a picture.
    """
    if text is None:
        return None
    found = LENGTH.fullmatch(text)
    if found is None:
        raise UsageError(f"{option} wants a length such as 3.3in, 84mm or 8.4cm, not {text}")
    length = float(found[1]) * INCHES[found[2] or ""]
    if not 1 <= length <= 50:
        raise UsageError(f"{option} must be from 1 to 50 inches, not {text} ({length:.3g} inches)")
    return length


@dataclass(frozen=True)
class Paper:
    """How large a picture is and how it looks; None leaves it to the picture.

    Attributes:
        width: Inches.
        height: Inches.
        font_size: Points.
        style: A style of matplotlib by name, or a file of one (.mplstyle).
    """

    width: float | None = None
    height: float | None = None
    font_size: float | None = None
    style: str | None = None

    def size(self, width: float, height: float) -> tuple[float, float]:
        """Width and height, where the picture itself would choose these; its shape is kept."""
        if self.width is not None:
            tall = self.height or height * self.width / width
            return self.width, tall
        return (width, height) if self.height is None else (width, self.height)

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Draw in this style and with these letters.

        Raises:
            UsageError: There is no such style.
        """
        from matplotlib import rc_context, style

        with contextlib.ExitStack() as held:
            if self.style is not None:
                known = style.available
                if self.style not in known and not Path(self.style).is_file():
                    raise UsageError(f"unknown style '{self.style}': {nearest(self.style, known)}")
                try:
                    held.enter_context(style.context(self.style))
                except OSError as error:
                    raise UsageError(f"--style {self.style} is no style: {error}") from None
            if self.font_size is not None:
                held.enter_context(rc_context({"font.size": self.font_size}))
            yield
