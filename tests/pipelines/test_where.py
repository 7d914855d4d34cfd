"""`sparsetool guide promises`: where a ticket comes from and where it goes, in real processes."""

from __future__ import annotations

import contextlib
import errno
import os
import pty
import subprocess
import sys
import time

import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Done, Shell, done

MASK = "mask --random --balanced 0.5"
LIMIT_S = 60


def typed(shell: Shell, *args: object, torch: bool = True, stdout: int | None = None) -> Done:
    """The program at a pseudo-terminal: all three descriptors, or all but standard output."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sparsetool", *map(str, args)],
        cwd=shell.cwd,
        env=shell.environment(torch, TERM=shell.env.get("TERM", "xterm"), COLUMNS="100"),
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, end = b"", time.monotonic() + LIMIT_S
    with contextlib.suppress(OSError) as _:
        while time.monotonic() < end:
            try:
                chunk = os.read(ours, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                break
            if not chunk:
                break
            shown += chunk
    try:
        code = process.wait(timeout=LIMIT_S)
    finally:
        process.kill()
        os.close(ours)
    return done(code, b"", shown)


def test_typed_at_a_prompt(shell: Shell) -> None:
    """The issue's very line: it writes `r18.mask.st` in the current folder and says so."""
    assert shell.run("init", "resnet18", "--data", "cifar10", "-o", "r18.st").code == 0
    shown = typed(shell, "mask", "--random", "--balanced", "0.5", "r18.st")
    assert shown.code == 0, shown.err
    assert "r18.mask.st" in shown.err
    assert reading.kept(shell / "r18.mask.st") == 11_164_352 // 2
    assert set(shell.snapshot()) == {"r18.st", "r18.mask.st"}


def test_default_names(shell: Shell, shelf: Shelf) -> None:
    """FILE's stem plus the verb, in the current folder wherever FILE lies."""
    (shell / "in").mkdir()
    (shell / "in" / "a.b.st").write_bytes(shelf["half"].read_bytes())
    lines = {
        "prune --global 0.9": "a.b.prune.st",
        "rewind --to in/a.b.st": "a.b.rewind.st",
        "transfer-signs --from in/a.b.st": "a.b.transfer-signs.st",
        "train-cycles --epochs 1": "a.b.train-cycles.st",
    }
    for line, name in lines.items():
        shown = typed(shell, *line.split(), "in/a.b.st")
        assert shown.code == 0, shown.err
        assert name in shown.err
        assert (shell / name).is_file()


def test_init_at_a_prompt(shell: Shell) -> None:
    shown = typed(shell, "init", "mlp")
    assert shown.code == 0, shown.err
    assert "mlp.st" in shown.err
    assert reading.meta(shell / "mlp.st")["model"] == "mlp"


def test_nothing_to_read_at_a_prompt(shell: Shell) -> None:
    """Exit 2 at once, naming an example; neither waiting nor importing torch."""
    lines = ["train-cycles --n 4", MASK, "prune --global 0.9", "eval"]
    for line in lines:
        for dash in ([], ["-"]):
            shown = typed(shell, *line.split(), *dash, torch=False)
            assert shown.code == 2, shown.err
            (said,) = shown.lines
            assert said.startswith(f"{line.split()[0]}:")
            assert f"sparsetool {line.split()[0]}" in said, "no example"
    assert shell.snapshot() == {}


def test_dash_is_refused_at_a_prompt(shell: Shell, shelf: Shelf) -> None:
    shown = typed(shell, *MASK.split(), shelf["mlp"], "-o", "-")
    assert shown.code == 2, shown.err
    assert len(shown.lines) == 1
    assert shell.snapshot() == {}


def test_redirected_at_a_prompt(shell: Shell, shelf: Shelf) -> None:
    """`> c.st` with the terminal as standard error: the bytes go to the file."""
    with open(shell / "c.st", "wb") as target:
        shown = typed(shell, *MASK.split(), shelf["mlp"], stdout=target.fileno())
    assert shown.code == 0, shown.err
    assert (shell / "c.st").read_bytes() == shelf_mask(shell, shelf)
    assert set(shell.snapshot()) == {"c.st"}


def shelf_mask(shell: Shell, shelf: Shelf) -> bytes:
    return shell.ok(*MASK.split(), shelf["mlp"]).out


def test_redirections(shell: Shell, shelf: Shelf) -> None:
    wanted = shelf_mask(shell, shelf)
    mlp = shelf["mlp"]
    script = f"""set -e
        sparsetool {MASK} {mlp} -o o.st
        sparsetool {MASK} {mlp} -o - > dash.st
        sparsetool {MASK} {mlp} > plain.st
        sparsetool {MASK} {mlp} 2>/dev/null > quiet.st
        sparsetool {MASK} < {mlp} > stdin.st
        sparsetool {MASK} - < {mlp} > dash-stdin.st
        cat {mlp} | sparsetool {MASK} | cat > piped.st
        sparsetool {MASK} <(cat {mlp}) > substituted.st
        mkfifo fifo; cat {mlp} > fifo & sparsetool {MASK} fifo > from-fifo.st; rm fifo
    """
    result = shell.bash(script)
    assert result.code == 0, result.err
    names = ("o", "dash", "plain", "quiet", "stdin", "dash-stdin", "piped", "substituted")
    assert set(shell.snapshot()) == {f"{name}.st" for name in (*names, "from-fifo")}
    for name in (*names, "from-fifo"):
        assert (shell / f"{name}.st").read_bytes() == wanted, name


def test_same_pipe_for_output_and_error(shell: Shell, shelf: Shelf) -> None:
    """A notebook's `!`, a job's log: a default-named file, never bytes among the messages."""
    (shell / "r.st").write_bytes(shelf["mlp"].read_bytes())
    for number, line in enumerate((f"{MASK} r.st", f"{MASK} < r.st", "init mlp")):
        for merged in ("2>&1 | cat", "> log 2>&1"):
            result = shell.bash(f"set -o pipefail; sparsetool {line} {merged}")
            assert result.code == 0, result
            name = ("r.mask.st", "mlp.mask.st", "mlp.st")[number]
            assert reading.meta(shell / name)["model"] == "mlp"
            said = result.out.decode() if "cat" in merged else (shell / "log").read_text()
            assert name in said
            assert "{" not in said, "bytes of a ticket among the messages"
            (shell / name).unlink()


def test_dev_null_apart(shell: Shell, shelf: Shelf) -> None:
    """`> /dev/null 2>&1` asks for nothing: no file is made."""
    result = shell.bash(f"sparsetool {MASK} {shelf['mlp']} > /dev/null 2>&1")
    assert result.code == 0
    assert shell.snapshot() == {}


def test_with_a_file_standard_input_is_never_touched(shell: Shell, shelf: Shelf) -> None:
    """A `while read` loop around a verb keeps its lines."""
    script = f"""printf 'one\\ntwo\\nthree\\n' | while read name; do
        sparsetool {MASK} {shelf["mlp"]} -o $name.st
    done"""
    result = shell.bash(script)
    assert result.code == 0, result.err
    assert set(shell.snapshot()) == {"one.st", "two.st", "three.st"}


def test_closed_standard_input(shell: Shell, shelf: Shelf) -> None:
    """`<&-`: as cron may start it. With FILE all is well, without it one line and no traceback."""
    good = shell.bash(f"sparsetool {MASK} {shelf['mlp']} -o a.st <&-")
    assert good.code == 0, good.err
    bad = shell.bash(f"sparsetool {MASK} -o b.st <&-")
    assert bad.code in (1, 2), bad.err
    assert len(bad.lines) == 1
    assert set(shell.snapshot()) == {"a.st"}


def test_closed_standard_output(shell: Shell, shelf: Shelf) -> None:
    """`>&-`: with -o FILE it does not matter, without it the failure is one line."""
    good = shell.bash(f"sparsetool {MASK} {shelf['mlp']} -o a.st >&-")
    assert good.code == 0, good.err
    bad = shell.bash(f"sparsetool {MASK} {shelf['mlp']} >&-")
    assert bad.code in (1, 2), bad.err
    assert len(bad.lines) == 1
    assert "Traceback" not in bad.err


def test_dash_names_a_stream_and_dot_slash_dash_a_file(shell: Shell, shelf: Shelf) -> None:
    (shell / "-").write_bytes(shelf["half"].read_bytes())
    by_file = shell.run("prune", "--global", "0.9", "./-", stdin=b"")
    by_stream = shell.run("prune", "--global", "0.9", "-", stdin=shelf["mlp"].read_bytes())
    assert reading.lineage(by_file.out)[1]["verb"] == "mask"
    assert reading.lineage(by_stream.out)[1]["verb"] == "prune"


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_progress_at_a_terminal(term: str, shell: Shell, shelf: Shelf) -> None:
    """NO_COLOR and TERM=dumb are honoured: no colour codes in what a terminal is shown."""
    shell.env.update(TERM=term, NO_COLOR="1")
    shown = typed(shell, "train-cycles", "--epochs", "2", shelf["half"])
    assert shown.code == 0, shown.err
    assert "\x1b[3" not in shown.err, "a colour"
    if term == "dumb":
        assert "\x1b" not in shown.err
