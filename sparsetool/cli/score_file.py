"""The scores behind a mask as a file: safetensors, an array for each prunable weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import SparsetoolError
from .targets import target, write

if TYPE_CHECKING:
    from .transform import VerbCall


class ScoreFile:
    """Where scores go beside a ticket.

    Args:
        name: The value of `--scores`; its folder must be there.
        job: The call that makes the mask.

    Attributes:
        scores: What the criterion gave in its last round, by name; filled while it works.
    """

    def __init__(self, name: str, job: VerbCall) -> None:
        self._target, self._job = target(name, None), job
        self.scores: dict[str, Any] = {}

    def write(self, again: Callable[[], Any]) -> None:
        """Write them; `again` makes the mask anew, where it was there already.

        Raises:
            SparsetoolError: The file exists and is something else, and there is no `--force`.
        """
        from ..ticket.format import chunks

        if not self.scores:
            again()
        content = b"".join(chunks(self.scores, {"format": "pt"}))
        path = self._target.path
        if path is not None and path.exists() and not self._job.force:
            if path.read_bytes() == content:
                self._job.say(f"{path} is up to date")
                return
            raise SparsetoolError(
                f"{path} exists and is something else: give another --scores FILE, remove it, or "
                "add --force"
            )
        write(self._target, [content])
        self._job.say(f"wrote {self._target.name}: scores of {len(self.scores)} layers")
