"""`python -m sparsetool` is `sparsetool`."""

import atexit
import gc
import os
import signal
from types import FrameType
from typing import NoReturn


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End with the promised exit code: nothing has been begun."""
    os._exit(75 if number == signal.SIGUSR1 else 128 + number)


def main() -> NoReturn:
    """Hear signals before anything that takes its time is imported, then run the program."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # a shell's background job, nohup
            signal.signal(number, _leave)
    atexit.register(gc.freeze)  # else a last search for garbage looks through all of torch, 0.3 s
    from .cli.main import main as run

    run()


if __name__ == "__main__":
    main()
