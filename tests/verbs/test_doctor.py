"""`sparsetool doctor`: one line a check, what is wrong is found, exit 1 where something is."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from sparsetool.cli.verbs import doctor
from sparsetool.doctor import health, housing
from sparsetool.doctor.finding import Finding
from tests.verbs.screen import on_terminal
from tests.verbs.shell import Done, Shell

CHECKS = {
    *("python", "libraries", "import torchvision", "processor", "threads", "device"),
    *("state folder", "data folder", "data sets", "ffcv", "timm", "command", "completion"),
}


def found(done: Done) -> dict[str, dict[str, Any]]:
    return {row["check"]: row for row in map(json.loads, done.out.splitlines())}


def test_a_sound_machine(shell: Shell) -> None:
    rows = found(shell.ok("doctor", "--data-root", shell.cwd))
    assert set(rows) == CHECKS
    assert {row["state"] for row in rows.values()} <= {"ok", "warning"}
    assert "torch 2." in rows["libraries"]["found"]
    assert rows["data folder"]["found"].startswith(str(shell.cwd))
    assert "whole: digits, shakespeare; not here: cifar10" in rows["data sets"]["found"]
    assert str(shell.state) in rows["state folder"]["found"]
    assert not shell.state.exists(), "looking makes nothing"


def test_a_person_reads_it_in_a_narrow_terminal(shell: Shell) -> None:
    text = on_terminal(shell, "doctor", columns=80)
    lines = text.strip().splitlines()
    states = [line.split()[0] for line in lines if not line.startswith(" " * 20)]
    assert len(states) == len(CHECKS)
    assert set(states) <= {"ok", "warning"}
    assert all(len(line) <= 80 for line in lines if "/" not in line), "paths are not broken"
    assert "-> apt-get install g++" in text


def test_damaged_data_and_a_folder_that_is_none(shell: Shell) -> None:
    (shell / "shelf" / "cifar-10-batches-py").mkdir(parents=True)
    (shell / "file").write_text("no folder")
    shell.env["SPARSETOOL_STATE"] = str(shell / "file" / "state")
    done = shell.call("doctor", "--data-root", shell / "shelf")
    rows = found(done)
    assert done.code == 1
    assert done.err == "doctor: 2 problems: state folder, data cifar10\n"
    assert rows["data cifar10"]["advice"] == "sparsetool data fetch cifar10"
    assert "SPARSETOOL_STATE" in rows["state folder"]["advice"]


def libraries() -> dict[str, Finding]:
    return {finding.check: finding for finding in health.libraries()}


def test_versions_are_those_that_were_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "typer":
            raise importlib.metadata.PackageNotFoundError(name)
        return {"torch": "2.99.0", "safetensors": "0.8.0"}.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    seen = libraries()
    assert set(seen) == {"libraries", "torch", "safetensors", "typer"}
    assert seen["torch"].found == "2.99.0, not <2.14,>=2.6"
    assert seen["safetensors"].advice == "pip install 'safetensors!=0.8.0,>=0.4.3'"
    assert (seen["typer"].state, seen["typer"].found) == ("problem", "not installed")
    assert "ffcv" not in seen["libraries"].found  # an extra


def test_a_program_that_was_never_installed_has_no_versions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PACKAGE", "no-such-package")
    assert libraries()["libraries"].state == "warning"
    assert health.python().state == "ok"


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.platform, "python_version", lambda: "3.10.2")
    assert health.python().state == "problem"
    assert ">=3.11" in health.python().advice


def test_a_torch_that_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def broken(name: str, *args: Any) -> Any:
        if name == "torch":
            raise OSError("libtorch_cuda.so: cannot open shared object file\nmore")
        return real(name, *args)

    monkeypatch.setattr(importlib, "import_module", broken)
    seen = {finding.check: finding for finding in health.examine()}
    assert seen["import torch"].state == "problem"
    assert "libtorch_cuda.so: cannot open" in seen["import torch"].found
    assert "\n" not in seen["import torch"].found
    assert "device" not in seen  # what needs torch is not looked at
    assert "data sets" in seen


class Torch:
    """As much of torch as the checks look at."""

    def __init__(self, cuda: str | None, gpus: int, nccl: bool = True, threads: int = 2) -> None:
        self.version = type("V", (), {"cuda": cuda})
        self.cuda = type("C", (), {})
        self.cuda.is_available = lambda: gpus > 0
        self.cuda.device_count = lambda: gpus
        self.cuda.get_device_name = lambda number: "H100"
        self.backends = type("B", (), {"mps": type("M", (), {"is_available": lambda: False})})
        self.distributed = type("D", (), {})
        self.distributed.is_available = lambda: True
        self.distributed.is_nccl_available = lambda: nccl
        self.get_num_threads = lambda: threads


@pytest.mark.parametrize(
    ("torch", "driver", "state", "says"),
    [
        (Torch(None, 0), False, "ok", "CPU alone"),
        (Torch(None, 0), True, "warning", "torch for the CPU"),
        (Torch("12.8", 0), True, "problem", "cannot use"),
        (Torch("12.8", 4), True, "ok", "4 x H100, CUDA 12.8, NCCL"),
        (Torch("12.8", 4, nccl=False), True, "warning", "no NCCL"),
    ],
)
def test_devices(
    torch: Torch, driver: bool, state: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.Path, "exists", lambda path: driver)
    seen = health._devices(torch)
    assert (seen.state, says in seen.found) == (state, True), seen


def test_threads_and_the_share_of_a_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "cpu.max"
    for text, wanted in (("150000 100000\n", 1.5), ("max 100000\n", None), ("", None)):
        file.write_text(text)
        assert housing.quota(file) == wanted
    assert housing.quota(tmp_path / "missing") is None
    monkeypatch.setattr("sparsetool.compute.device.cores", lambda: 8)
    monkeypatch.setattr(housing, "quota", lambda: 1.5)
    seen = health._threads(Torch(None, 0))
    assert (seen.state, "--threads 1" in seen.advice) == ("warning", True)
    monkeypatch.setattr(housing, "quota", lambda: None)
    assert health._threads(Torch(None, 0)).state == "ok"
    assert health._threads(Torch(None, 0, threads=9)).state == "warning"


@pytest.mark.parametrize(("free", "state"), [(1 << 20, "problem"), (1 << 30, "warning")])
def test_little_room(
    free: int, state: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPARSETOOL_STATE", str(tmp_path))
    monkeypatch.setattr(housing.shutil, "disk_usage", lambda path: type("U", (), {"free": free}))
    assert housing.state().state == state


def test_which_program_a_shell_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no sparsetool" in housing.command().found
    other = tmp_path / "sparsetool"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(scripts))
    assert housing.command().state == "ok"
    (scripts / "sparsetool").write_text("")
    assert housing.command().state == "warning"


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", ".bashrc"),
        ("bash", ".local/share/bash-completion/completions/sparsetool"),
        ("zsh", ".zshrc"),
        ("fish", ".config/fish/completions/sparsetool.fish"),
    ],
)
def test_completions(
    shell: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHELL", f"/bin/{shell}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "prefix"))
    before = housing.completion()
    assert (before.state, f"sparsetool completion {shell} >" in before.advice) == ("warning", True)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("source sparsetool.bash\n")
    found = housing.completion()
    assert found.state == "ok"
    assert found.found.startswith(f"{shell}: {path}, not used in this shell yet")
    monkeypatch.setenv("SPARSETOOL_COMPLETION", str(os.getppid()))  # as the scripts do
    active = Finding("completion", "ok", f"{shell}: active in this shell")
    assert housing.completion() == active
    monkeypatch.setenv("SPARSETOOL_COMPLETION", "1")  # a shell around this one
    assert housing.completion() == found


def test_a_shell_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert housing.completion().state == "ok"


def test_what_is_told_is_told_in_order() -> None:
    row = {"state": "warning", "check": "x", "found": "y", "advice": "z"}
    wanted = f"warning  x                  y\n{' ' * 28}-> z\n"
    assert doctor._lines(row) == wanted
    assert doctor._lines({**row, "advice": ""}).endswith("y\n")
