"""Where the program lives on a machine: folders, disks, the shell, a container's share."""

from __future__ import annotations

import fcntl
import os
import shutil
import sysconfig
import tempfile
from pathlib import Path

from ..plugins.datasets import data_root
from ..runs.where import state_folder
from .finding import Finding

LEAST = 100 << 20  # bytes free on a disk, below which training cannot keep its progress
LITTLE = 2 << 30
QUOTA = Path("/sys/fs/cgroup/cpu.max")
# Where each shell looks for scripts: below the data folders, and the script's name.
SCRIPTS = {
    "bash": "bash-completion/completions/sparsetool",
    "zsh": "zsh/site-functions/_sparsetool",
    "fish": "fish/vendor_completions.d/sparsetool.fish",
}
STARTS = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/completions/sparsetool.fish"}


def quota(file: Path = QUOTA) -> float | None:
    """The cores whose time this container may use; None where it is not limited.

    Args:
        file: Linux's statement of it, `MICROSECONDS PERIOD` or `max PERIOD`.
    """
    try:
        used, period = file.read_text(encoding="ascii").split()[:2]
    except (OSError, ValueError):
        return None
    return None if used == "max" else int(used) / int(period)


def state() -> Finding:
    """Whether training can keep its progress."""
    folder = state_folder()
    variable = "set SPARSETOOL_STATE to a folder that can be written to"
    return _folder("state folder", folder, variable, "problem")


def data(root: str | None) -> Finding:
    """Whether data sets can be fetched."""
    variable = "set SPARSETOOL_DATA, or give --data-root, to fetch data sets"
    return _folder("data folder", data_root(root), variable, "warning")


def _folder(check: str, folder: Path, elsewhere: str, grave: str) -> Finding:
    """Whether files can be made and locked in a folder, and how much room there is.

    Args:
        check: Name of the check.
        folder: The folder; where it is not there yet, the one it would be made in is tried.
        elsewhere: How to choose another.
        grave: The state where it cannot be used.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    shown = str(folder) if there == folder else f"{folder} (not made yet)"
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"sparsetool")
            file.flush()
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = shutil.disk_usage(there).free
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Finding(check, grave, f"{shown} cannot be used: {reason}", elsewhere)
    found = f"{shown}, {free / 2**30:.1f} GiB free"
    if free < LEAST:
        return Finding(check, grave, found, f"make room there, or {elsewhere}")
    if free < LITTLE:
        advice = "'sparsetool runs --remove-finished' makes room"
        return Finding(check, "warning", found, advice)
    return Finding(check, "ok", found)


def command() -> Finding:
    """Whether a shell finds the program, and that of this Python."""
    found = shutil.which("sparsetool")
    scripts = Path(sysconfig.get_path("scripts"))
    if found is None:
        advice = f"activate the environment, or add {scripts} to PATH"
        return Finding("command", "warning", "no sparsetool on PATH", advice)
    if Path(found).parent.resolve() != scripts.resolve() and (scripts / "sparsetool").exists():
        advice = f"another installation comes first: put {scripts} before it on PATH"
        return Finding("command", "warning", found, advice)
    return Finding("command", "ok", found)


def completion() -> Finding:
    """Whether the user's shell completes words."""
    shell = Path(os.environ.get("SHELL", "")).name
    if shell not in SCRIPTS:
        return Finding("completion", "ok", f"there is none for {shell or 'an unnamed shell'}")
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    dirs = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    prefix = Path(sysconfig.get_path("data")) / "share"
    places = [Path(folder) / SCRIPTS[shell] for folder in (data, *dirs, prefix)]
    start = home / STARTS[shell]
    if os.environ.get("SPARSETOOL_COMPLETION") == str(os.getppid()):
        return Finding("completion", "ok", f"{shell}: active in this shell")
    later = "not used in this shell yet: press TAB after 'sparsetool ', or open a new one"
    for place in places:
        if place.is_file():
            return Finding("completion", "ok", f"{shell}: {place}, {later}")
    try:
        if "sparsetool" in start.read_text(encoding="utf-8", errors="replace"):
            return Finding("completion", "ok", f"{shell}: {start}, {later}")
    except OSError:
        pass  # no such file: nothing is installed there
    target = {
        "bash": f"~/.local/share/{SCRIPTS['bash']}",
        "zsh": "~/.zfunc/_sparsetool",  # a folder that must be on the fpath
        "fish": f"~/{STARTS['fish']}",
    }[shell]
    advice = f"mkdir -p {target.rpartition('/')[0]}; sparsetool completion {shell} > {target}"
    if shell == "zsh":
        advice += ", and in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)"
    return Finding("completion", "warning", f"{shell}: not installed", advice)
