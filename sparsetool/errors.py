"""Everything that can go wrong, each with its exit code; `cli` alone turns them into exits."""

from collections.abc import Sequence


class SparsetoolError(Exception):
    """A mendable failure: one line saying what was found, what was wanted and what to do."""

    code = 1


class UsageError(SparsetoolError):
    """The command line itself is wrong."""

    code = 2


class BrokenPromise(SparsetoolError):
    """A promise of the program is broken: a bug in the program."""

    code = 70


class EveryRank(SparsetoolError):
    """A failure that every process of a training has been told of; the first alone says it.

    Args:
        message: What the process said to which it happened.
        code: Its exit code.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class ReaderGone(SparsetoolError):
    """The program that was reading our standard output has left."""

    code = 141


class Stopped(SparsetoolError):
    """Asked to stop from outside (a signal or a time limit); progress is kept.

    Args:
        message: What stopped it and what has been kept.
        code: 75 for SIGUSR1 or a time limit, 128 + number for other signals.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def nearest(name: str, known: Sequence[str]) -> str:
    """Words that answer an unknown name: the nearest known ones, or all of them."""
    import difflib  # needed only to complain

    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known: {', '.join(known)}"


def misspelt(name: str, known: Sequence[str]) -> str:
    """Words that answer a name which is most likely a known one misspelt; else nothing."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {close[0]}?" if close else ""
