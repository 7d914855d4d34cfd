"""The program as a person meets it: a process in a folder, or the same in this process.

`Shell.run` starts a real process, `Shell.bash` a real pipeline, `Shell.call` goes through
`sparsetool.cli.main` with descriptors 0, 1 and 2 exchanged: the same bytes, without paying
for the interpreter and torch once more.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HANDLED = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGPIPE)
TIMEOUT_S = 120


def package_folder() -> str:
    """The folder to import sparsetool from, whatever folder a test runs in."""
    spec = importlib.util.find_spec("sparsetool")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).resolve().parent.parent)


@dataclass(frozen=True)
class Done:
    """What a command left behind.

    Attributes:
        code: Exit code as the shell shows it (128 + n where signal n ended it).
        out: Bytes on standard output.
        err: Text on standard error.
    """

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.strip()]


class Shell:
    """A working folder, an environment, and the program in it."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.cwd = folder
        self.state = state
        self.bin = state.parent / "bin"
        self.no_torch = state.parent / "no-torch"
        self.cwd.mkdir(parents=True, exist_ok=True)
        self._install()
        path = os.environ.get("PYTHONPATH", "")
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SPARSETOOL_")},
            "SPARSETOOL_STATE": str(state),
            "SPARSETOOL_KERNELS": os.environ["SPARSETOOL_KERNELS"],
            "PYTHONPATH": os.pathsep.join(filter(None, [package_folder(), path])),
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
        }

    def _install(self) -> None:
        self.bin.mkdir(parents=True, exist_ok=True)
        command = self.bin / "sparsetool"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sparsetool "$@"\n')
        command.chmod(0o755)
        torch = self.no_torch / "torch"
        torch.mkdir(parents=True, exist_ok=True)
        # Not an exception, which a program could catch: the end.
        (torch / "__init__.py").write_text(
            "import os\nos.write(2, b'torch was imported\\n')\nos._exit(99)\n"
        )

    def __truediv__(self, name: str) -> Path:
        return self.cwd / name

    def environment(self, torch: bool = True, **more: str) -> dict[str, str]:
        env = {**self.env, **more}
        if not torch:
            env["PYTHONPATH"] = f"{self.no_torch}{os.pathsep}{env['PYTHONPATH']}"
        return env

    def start(self, *args: object, torch: bool = True, env: dict[str, str] | None = None, **popen):
        """The program as a process that the test drives itself."""
        argv = [sys.executable, "-m", "sparsetool", *map(str, args)]
        popen.setdefault("stdin", subprocess.DEVNULL)
        popen.setdefault("stdout", subprocess.PIPE)
        popen.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(
            argv, cwd=self.cwd, env=self.environment(torch, **(env or {})), **popen
        )

    def run(
        self,
        *args: object,
        stdin: bytes = b"",
        torch: bool = True,
        env: dict[str, str] | None = None,
        **popen,
    ) -> Done:
        with self.start(*args, torch=torch, env=env, stdin=subprocess.PIPE, **popen) as process:
            try:
                out, err = process.communicate(stdin, timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return done(process.returncode, out, err)

    def bash(self, script: str, torch: bool = True, timeout: float = TIMEOUT_S) -> Done:
        """A script as typed, with `sparsetool` on the path."""
        process = subprocess.Popen(
            ["bash", "-c", script],
            cwd=self.cwd,
            env=self.environment(torch),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return done(process.returncode, out, err)

    def call(self, *args: object, stdin: bytes = b"") -> Done:
        """The program inside this process, on the very same descriptors."""
        from sparsetool.cli import main

        with exchanged(stdin, self.cwd, self.env) as (out, err):
            try:
                code = main.main([str(arg) for arg in args])
            except SystemExit as stop:
                code = stop.code
        out.seek(0)
        err.seek(0)
        return done(0 if code is None else int(code), out.read(), err.read())

    def ok(self, *args: object, stdin: bytes = b"") -> Done:
        """`call`, which must succeed."""
        result = self.call(*args, stdin=stdin)
        assert result.code == 0, result.err
        return result

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Names, sizes and times of all files in the folder."""
        found = {}
        for path in sorted(self.cwd.rglob("*")):
            stat = path.lstat()
            found[str(path.relative_to(self.cwd))] = (stat.st_size, stat.st_mtime_ns)
        return found

    def refuses(
        self,
        code: int,
        *args: object,
        says: tuple[str, ...] | str = (),
        stdin: bytes = b"",
        process: bool = False,
        starts: str | None = None,
        env: dict[str, str] | None = None,
    ) -> Done:
        """The command fails as `sparsetool guide promises` says.

        The exit code, one line on standard error that starts with the verb and holds all of
        `says` (regular expressions, letter case apart), zero bytes on standard output, no
        file made, changed or left.
        """
        before = self.snapshot()
        if process or env:
            result = self.run(*args, stdin=stdin, env=env)
        else:
            result = self.call(*args, stdin=stdin)
        assert result.code == code, (result.code, result.err)
        assert len(result.lines) == 1, result.err
        assert result.lines[0].startswith(f"{starts or args[0]}:"), result.err
        assert result.err.count(f"{starts or args[0]}: ") == 1, result.err
        for pattern in (says,) if isinstance(says, str) else says:
            assert re.search(pattern, result.err, re.IGNORECASE), (pattern, result.err)
        assert result.out == b""
        assert self.snapshot() == before
        return result


def done(code: int, out: bytes | None, err: bytes | None) -> Done:
    shown = 128 - code if code < 0 else code
    return Done(shown, out or b"", (err or b"").decode(errors="replace"))


@contextlib.contextmanager
def exchanged(
    stdin: bytes, folder: Path, env: dict[str, str]
) -> Iterator[tuple[io.BufferedRandom, io.BufferedRandom]]:
    """Descriptors 0, 1, 2, the folder and the environment, exchanged for a while."""
    streams = sys.stdin, sys.stdout, sys.stderr
    for stream in streams[1:]:
        stream.flush()
    saved = [os.dup(number) for number in range(3)]
    handlers = {number: signal.getsignal(number) for number in HANDLED}
    old_folder, old_env = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryFile() as source:
        source.write(stdin)
        source.seek(0)
        # Read by the caller after the exchange is over.
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        try:
            for number, file in enumerate((source, out, err)):
                os.dup2(file.fileno(), number)
            sys.stdin = os.fdopen(0, closefd=False)
            sys.stdout = os.fdopen(1, "w", closefd=False)
            sys.stderr = os.fdopen(2, "w", closefd=False)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(env)
            yield out, err
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(OSError, ValueError):
                    stream.flush()
            sys.stdin, sys.stdout, sys.stderr = streams
            for number, kept in enumerate(saved):
                os.dup2(kept, number)
                os.close(kept)
            os.chdir(old_folder)
            os.environ.clear()
            os.environ.update(old_env)
            for number, handler in handlers.items():
                signal.signal(number, handler)
