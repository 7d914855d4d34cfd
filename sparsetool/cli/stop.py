"""One stop flag for signals and the time limit.

Inside the context a signal only leaves a note; the work asks for it where it can stop without
losing anything (`sparsetool guide promises`, "Exit codes").
"""

from __future__ import annotations

import re
import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

from ..errors import Stopped, UsageError

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1)


def seconds(text: str | None) -> float | None:
    """Seconds in a time as people type it: `90`, `90s`, `30m`, `1.5h`, `1:30:00`.

    Raises:
        UsageError: It is no such time, or not above zero.
    """
    if text is None:
        return None
    total: float
    if re.fullmatch(r"\d+(:\d{1,2}){1,2}", text):
        total = 0
        for part in text.split(":"):
            total = total * 60 + int(part)
    elif found := re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text):
        total = float(found[1]) * UNITS[found[2]]
    else:
        raise UsageError(f"--time-limit wants a time such as 90s, 30m, 1.5h or 1:30:00, not {text}")
    if total <= 0:
        raise UsageError(f"--time-limit must be above zero, not {text}")
    return total


def ignore_signals() -> None:
    """Ignore signals from now on: this process is about to end."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class Interrupts:
    """Records signals instead of ending the process.

    Args:
        limit: Seconds after which to stop, counted from now; None for no limit.
        promise: What becomes of the progress, for the message.
    """

    def __init__(self, limit: float | None = None, promise: str = "") -> None:
        self.promise = promise
        self._deadline = None if limit is None else time.monotonic() + limit
        self._signal: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._signal == number == signal.SIGINT:
            raise KeyboardInterrupt  # a second Ctrl-C means now
        self._signal = number

    def reason(self) -> Stopped | None:
        """Why to stop now, if somebody asked for it."""
        if self._signal is not None:
            code = 75 if self._signal == signal.SIGUSR1 else 128 + self._signal
            return Stopped(f"stopped by {signal.Signals(self._signal).name}: {self.promise}", code)
        if self._deadline is not None and time.monotonic() > self._deadline:
            return Stopped(f"the time limit is reached: {self.promise}", 75)
        return None
