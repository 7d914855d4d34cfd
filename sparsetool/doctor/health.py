"""What is wrong with this machine: libraries, processor, devices, folders, data sets.

Nothing is assumed to be there: torch is imported only once it is known to be installed, and a check
that finds what it looks for broken says so instead of failing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import SparsetoolError
from ..plugins import datasets, find
from ..plugins.datasets import Fetched, Shelved, data_root
from . import housing
from .finding import Finding

PACKAGE = "sparsetool"
OPTIONAL = {  # where it is needed, and how to get it
    "ffcv": (
        "data sets in ffcv's files",
        "apt-get install g++ pkg-config libopencv-dev libturbojpeg0-dev, then "
        "pip install 'sparsetool[ffcv]'",
    ),
    "timm": ("networks timm:NAME", "pip install timm"),
}
BROKEN = (ImportError, OSError, RuntimeError, AttributeError)  # what importing half a torch raises


def examine(root: str | None = None) -> Iterator[Finding]:
    """Every check of this machine, in turn.

    Args:
        root: Folder of data sets as given, or None.
    """
    yield python()
    yield from libraries()
    module = _imported("torch")
    if isinstance(module, Finding):
        yield module
    else:
        for check in (_vision, _processor, _threads, _devices):
            yield check(module)
    yield housing.state()
    yield housing.data(root)
    yield from data_sets(root)
    yield from optional()
    yield housing.command()
    yield housing.completion()


def python() -> Finding:
    """Whether this Python is new enough."""
    from packaging.specifiers import SpecifierSet

    found = f"{platform.python_version()} on {platform.system()} {platform.release()}"
    wanted = _metadata("requires_python")
    if wanted and not SpecifierSet(wanted).contains(platform.python_version(), prereleases=True):
        return Finding("python", "problem", found, f"use Python {wanted}")
    return Finding("python", "ok", found)


def _metadata(key: str) -> str:
    try:
        return str(importlib.metadata.metadata(PACKAGE).json.get(key, ""))
    except importlib.metadata.PackageNotFoundError:
        return ""


def libraries() -> Iterator[Finding]:
    """Whether each library that is always needed is there, in a version that was tried."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in importlib.metadata.requires(PACKAGE) or []]
    except importlib.metadata.PackageNotFoundError:
        advice = "pip install ."
        found = f"{PACKAGE} itself is not installed, so versions are not compared"
        yield Finding("libraries", "warning", found, advice)
        return
    sound = []
    for need in wanted:
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        cure = f"pip install '{need}'"
        try:
            version = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(need.name, "problem", "not installed", cure)
            continue
        if need.specifier.contains(version, prereleases=True):
            sound.append(f"{need.name} {version}")
        else:
            yield Finding(need.name, "problem", f"{version}, not {need.specifier}", cure)
    yield Finding("libraries", "ok", ", ".join(sound))


def _imported(name: str) -> Any:
    """A module, or the finding that it cannot be imported."""
    try:
        return importlib.import_module(name)
    except BROKEN as error:
        line = str(error).strip().splitlines()
        reason = f"{type(error).__name__}: {line[0] if line else ''}"
        advice = f"pip install --force-reinstall {name}"
        return Finding(f"import {name}", "problem", f"cannot be imported ({reason})", advice)


def _vision(torch: Any) -> Finding:
    """Whether torchvision's compiled operators are those of this torch."""
    from ..compute.torchvision import mended, torchvision

    try:
        torchvision()
    except (*BROKEN, SparsetoolError) as error:
        advice = "pip install torch and torchvision together, of one release"
        return Finding("import torchvision", "problem", str(error).strip(), advice)
    if mended():
        found = "built for another torch: works, but without nms and its own decoding of images"
        advice = "none needed here; else install torch and torchvision from one index of pytorch"
        return Finding("import torchvision", "warning", found, advice)
    return Finding("import torchvision", "ok", "its operators fit this torch")


def _processor(torch: Any) -> Finding:
    """Cores and whether they compute in bfloat16."""
    from ..compute import device

    fast = device.cpu_has_bf16()
    found = f"{platform.machine()}, {device.cores()} cores, {'' if fast else 'no '}fast bfloat16"
    if fast or torch.cuda.is_available():
        return Finding("processor", "ok", found)
    return Finding("processor", "ok", f"{found}: training is in float32")


def _threads(torch: Any) -> Finding:
    """Whether threads are more than this process may use."""
    from ..compute import device

    count, cores, quota = torch.get_num_threads(), device.cores(), housing.quota()
    found = f"{count} by torch"
    if os.environ.get("OMP_NUM_THREADS"):
        found += f" (OMP_NUM_THREADS={os.environ['OMP_NUM_THREADS']})"
    if quota is not None and quota < cores:
        advice = f"give --threads {max(1, int(quota))}, or more only slow each other down"
        found += f"; this container has the time of {quota:g} of {cores} cores"
        return Finding("threads", "warning", found, advice)
    if count > cores:
        advice = f"set OMP_NUM_THREADS to at most {cores}"
        return Finding("threads", "warning", f"{found} on {cores} cores", advice)
    return Finding("threads", "ok", f"{found}, 'auto' takes 1 for small images, else {cores}")


def _devices(torch: Any) -> Finding:
    """Whether torch reaches the machine's graphics processors."""
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        names = sorted({torch.cuda.get_device_name(i) for i in range(count)})
        found = f"{count} x {', '.join(names)}, CUDA {torch.version.cuda}"
        together = torch.distributed.is_available() and torch.distributed.is_nccl_available()
        if count > 1 and not together:
            advice = "install a torch with NCCL to train one ticket on several"
            return Finding("device", "warning", f"{found}, no NCCL", advice)
        return Finding("device", "ok", f"{found}, {'' if together else 'no '}NCCL")
    if torch.backends.mps.is_available():
        return Finding("device", "ok", "mps")
    driver = Path("/proc/driver/nvidia/version").exists()
    if driver and torch.version.cuda is None:
        advice = "install torch with CUDA: see pytorch.org/get-started"
        return Finding("device", "warning", "an NVIDIA driver, but torch for the CPU", advice)
    if driver:
        found = f"an NVIDIA driver that torch for CUDA {torch.version.cuda} cannot use"
        advice = "see nvidia-smi: the driver may be too old, or CUDA_VISIBLE_DEVICES empty"
        return Finding("device", "problem", found, advice)
    return Finding("device", "ok", "CPU alone")


def data_sets(root: str | None) -> Iterator[Finding]:
    """Which data sets are whole; each that is damaged by itself."""
    folder = data_root(root)
    names = [n for n in find.members("datasets") if not _placed(n)]
    states: dict[str, list[str]] = {}
    for name in names:
        try:
            member = datasets.load(name)
            state = member.state(None, folder) if isinstance(member, Shelved) else "as named"
            states.setdefault(state, []).append(name)
        except (*BROKEN, SparsetoolError) as error:
            yield Finding(f"data {name}", "problem", f"cannot be looked at: {error}")
    for name in states.get("damaged", []):
        fetched = isinstance(datasets.load(name), Fetched)
        advice = f"sparsetool data fetch {name}" if fetched else "copy it there again"
        yield Finding(f"data {name}", "problem", f"damaged or incomplete in {folder}", advice)
    found = f"whole: {', '.join(states.get('whole', [])) or 'none'}"
    missing = states.get("missing", [])
    if missing:
        found += f"; not here: {', '.join(missing)}"
    yield Finding("data sets", "ok", found, "sparsetool data fetch NAME" if missing else "")


def _placed(name: str) -> bool:
    """Whether the data set is wherever its argument says, so that there is nothing to look for."""
    return find.constant("datasets", name, "ARGUMENT") is not None


def optional() -> Iterator[Finding]:
    """Packages that some things need."""
    for name, (use, cure) in OPTIONAL.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "ok", f"not installed; for {use} alone", cure)
            continue
        yield Finding(name, "ok", f"{version}, for {use}")
