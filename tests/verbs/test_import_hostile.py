"""Files made to do harm: nothing in them runs, little memory is used, and a line says so."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import torch

from sparsetool.errors import SparsetoolError
from sparsetool.files import read_all
from sparsetool.networks import containers
from tests.verbs.foreign import Desk, network, state
from tests.verbs.shell import Shell

MEMORY = 300 << 20  # bytes that refusing may take


@pytest.fixture
def desk(shell: Shell) -> Desk:
    return Desk(shell)


class Runs:
    """A pickle that makes a folder when it is loaded."""

    def __init__(self, path: Path, how: str = "mkdir") -> None:
        self.path, self.how = path, how

    def __reduce__(self) -> tuple:
        if self.how == "mkdir":
            return os.mkdir, (str(self.path),)
        return eval, (f"__import__('os').mkdir({str(self.path)!r})",)


def refused_within_memory(desk: Desk, name: str) -> str:
    """What a process of its own says that refuses a file, its memory measured."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of memory is read from /proc")
    code = (
        "import os, re, sys; from sparsetool.cli import main, standard_output\n"
        "try: code = main.main(sys.argv[1:])\n"
        "except SystemExit as stop: code = stop.code\n"
        "peak = re.search(r'VmHWM:\\s*(\\d+) kB', open('/proc/self/status').read())\n"
        "told = f'{code} {int(peak[1]) * 1024}'\n"
        "os.write(standard_output.descriptor(), told.encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, desk.line(name))],
        cwd=desk.shell.cwd, env=desk.shell.environment(), capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip
    exit_code, memory = map(int, done.stdout.split())
    assert exit_code == 1, done.stderr
    assert memory < MEMORY, f"{memory:,}"
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("how", ["mkdir", "eval"])
@pytest.mark.parametrize("place", ["beside", "inside", "alone"])
def test_code_is_named_and_never_run(desk: Desk, how: str, place: str) -> None:
    mark = desk.shell / "mark"
    held = {
        "beside": {"state_dict": state(), "x": Runs(mark, how)},
        "inside": {**state(), "x": Runs(mark, how)},
        "alone": Runs(mark, how),
    }[place]
    name = "mkdir" if how == "mkdir" else "eval"
    for zipped in (True, False):
        theirs = desk.put(held, _use_new_zipfile_serialization=zipped)
        desk.refuses(theirs, says=(name, "nothing of it was run"))
    for protocol in range(2, 6):
        (desk.shell / "p.pkl").write_bytes(pickle.dumps(held, protocol))
        desk.refuses("p.pkl", says=name)
    assert not mark.exists()


def test_a_whole_module_is_refused_with_the_line_to_type(desk: Desk) -> None:
    line = r"torch\.save\(c{}\.state_dict\(\), 'weights\.pt'\)"
    desk.refuses(network(), says=("whole pickled object", line.format("")))
    desk.refuses({"model": network()}, says=("module under 'model'", line.format(r"\['model'\]")))


PICKLES = {
    "protocol alone": b"\x80\x02",
    "protocol and end": b"\x80\x04.",
    "unknown operation": b"\x80\x02\xff",
    "cut short": pickle.dumps({"a": [0.5] * 100})[:-40],
    "recursion": b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
    "tuples in tuples": b"\x80\x02)" + b"\x85" * 200_000 + b".",
    "deep key": b"\x80\x02})" + b"\x85" * 200_000 + b"K\x01s.",
    "doubling key": b"\x80\x02})" + b"2\x86" * 200 + b"K\x01s.",
    "itself": b"\x80\x02]q\x00h\x00a.",
    "far memo": b"\x80\x02Nr\xff\xff\xff\x7f.",
    "long promise": b"\x80\x04\x8e" + (1 << 40).to_bytes(8, "little") + b"x.",
    "many operations": b"\x80\x02" + b"]" * 3_000_000 + b".",
    "text without end": b"\x80\x02c" + b"x" * 3_000_000,
}


@pytest.mark.parametrize("kind", PICKLES)
def test_odd_pickles_end_in_a_line(desk: Desk, kind: str) -> None:
    (desk.shell / "x.pt").write_bytes(PICKLES[kind])
    refused_within_memory(desk, "x.pt")


def test_dictionaries_that_share_one_another_are_not_walked_for_ever(desk: Desk) -> None:
    nest: dict = {"x": 1}
    for _ in range(8):
        nest = {str(at): nest for at in range(99)}
    (desk.shell / "x.pkl").write_bytes(pickle.dumps(nest))
    begin = time.process_time()
    desk.refuses("x.pkl", says="holds no tensors by name")
    assert time.process_time() - begin < 20  # all of them are 99 to the eighth


def bomb(inner: str, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/version", "3\n")
        with archive.open(inner, "w") as member:
            for _ in range(size >> 20):
                member.write(bytes(1 << 20))
    return file.getvalue()


@pytest.mark.parametrize("inner", ["archive/data.pkl", "w.npy"])
def test_a_zip_bomb_of_a_gibibyte_is_refused(desk: Desk, inner: str) -> None:
    (desk.shell / "x.pt").write_bytes(bomb(inner, 1 << 30))
    assert (desk.shell / "x.pt").stat().st_size < 2 << 20
    refused_within_memory(desk, "x.pt")


def test_an_expanded_tensor_of_another_shape_takes_no_memory(desk: Desk) -> None:
    desk.put({**state(), "1.weight": torch.ones(1).expand(1 << 17, 1 << 17)}, "x.pt")
    assert "shape [131072, 131072]" in refused_within_memory(desk, "x.pt")


def test_a_pipe_without_end_is_read_no_further_than_it_can_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b"y\n" * 1000)
        assert len(read_all(reading, "pipe", containers.enough)) == 2000  # it is still open
        monkeypatch.setattr(containers, "MOST", 3000)
        os.write(writing, b"\x80\x02" + b"]" * 3000)
        with pytest.raises(SparsetoolError, match="gave more than 3,000 bytes"):
            read_all(reading, "pipe", containers.enough)
    finally:
        os.close(reading)
        os.close(writing)


def test_names_are_shown_without_control_characters(desk: Desk) -> None:
    desk.refuses({"\x1b[31m1.weight\nall done": torch.ones(2)}, says=r"lacks 1\.weight")
