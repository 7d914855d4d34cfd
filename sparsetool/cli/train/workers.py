"""Worker processes: each is a fork of this one and does one piece of work.

What all need is imported once, before the copies are made; a copy goes on as if it had been started
alone. This process prints the workers' messages and forwards signals to them.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from ...errors import SparsetoolError, Stopped
from ..stop import SIGNALS


def in_parallel(names: Sequence[str], at_once: int, verb: str) -> int | None:
    """Go on as one process per name, at most `at_once` of them at a time.

    Args:
        names: What to call each piece of work before what it says on standard error.
        at_once: Processes at a time.
        verb: Begins every line, here and in what the copies say.

    Returns:
        In each copy its number, 0 to len(names) - 1; in this process None, when all have ended
        well.

    Raises:
        SparsetoolError: Some have not; its code is that of the first of them.
    """
    gc.collect()
    gc.freeze()  # else a copy's garbage collector would write into, and so copy, all of memory
    copies = _Copies(verb)
    before = {number: signal.signal(number, copies.pass_on) for number in SIGNALS}
    waiting = list(enumerate(names))
    try:
        while copies.running or (waiting and copies.asked is None):
            while waiting and len(copies.running) < at_once and copies.asked is None:
                index, name = waiting.pop(0)
                if copies.begin(name) == 0:
                    for number, handler in before.items():
                        signal.signal(number, handler)
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
                    return index
            copies.listen()
    finally:
        if os.getpid() == copies.pid:
            for number, handler in before.items():
                signal.signal(number, handler)
    copies.check_codes(len(names))
    return None


@dataclass
class _Copy:
    """A running copy: its process, its name, and the piece of a line it has said last."""

    process: int
    name: str
    rest: bytes = b""


@dataclass
class _Copies:
    """The copies under way and what became of the others."""

    verb: str
    pid: int = field(default_factory=os.getpid)
    running: dict[int, _Copy] = field(default_factory=dict)  # by the descriptor of what they say
    codes: list[int] = field(default_factory=list)  # of those that ended, in that order
    asked: int | None = None  # the signal that asked to stop

    def begin(self, name: str) -> int:
        """Make a copy; 0 in the copy, its process elsewhere. Signals wait meanwhile."""
        sys.stderr.flush()
        read, write = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)  # else Ctrl-C would reach it twice
            os.dup2(write, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.closerange(read, max(read, write, *self.running) + 1)
            return 0
        os.close(write)
        self.running[read] = _Copy(process, name)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return process

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        """Hand a signal on to all copies, and begin no more."""
        self.asked = number
        for copy in self.running.values():
            os.kill(copy.process, number)

    def listen(self) -> None:
        """Wait until a copy says something or ends."""
        with selectors.DefaultSelector() as selector:
            for descriptor in self.running:
                selector.register(descriptor, selectors.EVENT_READ)
            for key, _ in selector.select():
                self._pass_lines_on(key.fd)

    def _pass_lines_on(self, descriptor: int) -> None:
        copy = self.running[descriptor]
        said = os.read(descriptor, 1 << 16)
        *lines, copy.rest = (copy.rest + said).split(b"\n")
        if not said and copy.rest:
            lines, copy.rest = [copy.rest], b""
        for line in lines:
            text = line.decode(errors="replace").removeprefix(f"{self.verb}: ")
            print(f"{self.verb}: {copy.name}: {text}", file=sys.stderr, flush=True)
        if not said:
            os.close(descriptor)
            del self.running[descriptor]
            _, status = os.waitpid(copy.process, 0)
            code = os.waitstatus_to_exitcode(status)
            self.codes.append(128 - code if code < 0 else code)

    def check_codes(self, wanted: int) -> None:
        """See that all have ended well."""
        failed = [code for code in self.codes if code]
        if not failed and len(self.codes) == wanted:
            return
        done = len(self.codes) - len(failed)
        words = f"{done} of {wanted} done; the same command carries on"
        if self.asked is not None:
            number = signal.Signals(self.asked)
            code = 75 if number == signal.SIGUSR1 else 128 + number
            raise Stopped(f"stopped by {number.name}: {words}", code)
        error = SparsetoolError(words)
        error.code = failed[0]
        raise error
