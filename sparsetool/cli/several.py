"""Several FILEs in one call: each goes to a file of its own name in one folder.

A verb that makes one ticket of one ticket is simply called for each; what is there already is up to
date, so that a call which failed half way carries on.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from ..errors import SparsetoolError, UsageError
from . import hints
from . import options as o

OutDir = Annotated[
    str | None,
    o.option("--out-dir", metavar="DIR", help="Write each FILE's result to its name in DIR."),
]


def destinations(files: Sequence[str], folder: str | None, output: str | None) -> list[str]:
    """Where the result of each FILE goes.

    Args:
        files: The FILE arguments.
        folder: The value of `--out-dir`.
        output: The value of `-o`, which cannot be.

    Raises:
        UsageError: No folder, two results of one name, or something that goes with one FILE.
    """
    if folder is None:
        raise UsageError(f"{len(files)} FILEs want --out-dir DIR for their results")
    if output is not None:
        raise UsageError("--out-dir and -o do not go together")
    if not files or "-" in files:
        raise UsageError("--out-dir wants tickets in files")
    names = [Path(file).name for file in files]
    if twice := next((name for name, times in Counter(names).items() if times > 1), None):
        raise UsageError(f"two FILEs are called {twice}: their results would be one file")
    return [os.path.join(folder, name) for name in names]


def make_folder(folder: str) -> None:
    """Make the folder of `--out-dir`.

    Raises:
        SparsetoolError: It cannot be made.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SparsetoolError(f"cannot make the folder {folder}: {error.strerror}") from None


def beside(path: str, file: str) -> str:
    """A further file of one of several FILEs: `{}` is its name, else that is put in front.

    Example:
        >>> beside("logs/{}.jsonl", "in/seed-0.st"), beside("logs/log.jsonl", "in/seed-0.st")
        ('logs/seed-0.jsonl', 'logs/seed-0.log.jsonl')
    """
    stem = Path(file).stem
    if "{}" in path:
        return path.replace("{}", stem)
    folder, name = os.path.split(path)
    return os.path.join(folder, f"{stem}.{name}")


def with_files(name: str, *further: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a verb that takes one FILE take several, with `--out-dir`.

    Args:
        name: The verb.
        further: Its options that name a further file to write; each FILE has its own, see `beside`.
    """

    def decorate(verb: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(verb, eval_str=True)

        @functools.wraps(verb)
        def call(
            files: list[str] | None = None,
            output: str | None = None,
            out_dir: str | None = None,
            **given: Any,
        ) -> None:
            hints.check_files(name, files or [])
            if out_dir is None and len(files or []) < 2:
                verb(file=files[0] if files else None, output=output, **given)
                return
            targets = destinations(files or [], out_dir, output)
            if "-" in [value for value in given.values() if isinstance(value, str)]:
                raise UsageError("several FILEs cannot share standard input: give a file")
            make_folder(str(out_dir))
            for file, target in zip(files or [], targets, strict=True):
                own = {key: beside(given[key], file) for key in further if given.get(key)}
                verb(file=file, output=target, **{**given, **own})

        kind = inspect.Parameter.KEYWORD_ONLY
        files = inspect.Parameter("files", kind, default=None, annotation=o.Files)
        folder = inspect.Parameter("out_dir", kind, default=None, annotation=OutDir)
        parameters = []
        for each in signature.parameters.values():
            if each.name == "output":
                parameters.append(folder)
            parameters.append(files if each.name == "file" else each.replace(kind=kind))
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        return call

    return decorate
