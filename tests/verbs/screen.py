"""What a person sees: a verb's standard output on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time

from tests.verbs.shell import TIMEOUT_S, Shell


def on_terminal(shell: Shell, *args: object, columns: int = 120) -> str:
    """Text that a verb, which must succeed, shows on a terminal without colours."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sparsetool", *map(str, args)],
        cwd=shell.cwd,
        env=shell.environment(TERM="xterm", NO_COLOR="1", COLUMNS=str(columns)),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(theirs)
    shown, end = b"", time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    _, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, err.decode()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n")
