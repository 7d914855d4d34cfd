"""`--config FILE.toml`: options of a verb from a file; what is typed comes first.

Keys are the options' long names, with `-` or `_`; a table `[train-cycles]` holds those of that verb
alone. A list is an option that is typed several times, or else values with commas between them.

    epochs = 30
    lr = 0.05
    drops = [20, 27]

    [levels]
    rate = 0.2
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from ..errors import SparsetoolError, UsageError, nearest
from ..files import reason
from . import options as o
from .parsing import click

NEVER = ("config", "help", "files", "file")


def read(path: str, verb: str) -> dict[str, Any]:
    """What a file says for a verb.

    Raises:
        SparsetoolError: It cannot be read, or is no TOML.
    """
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SparsetoolError(f"cannot read --config {path}: {reason(error)}") from None
    except ValueError as error:  # of TOML, or not even text
        raise SparsetoolError(f"--config {path} is no TOML: {error}") from None
    own = found.get(verb, {})
    if not isinstance(own, dict):
        raise SparsetoolError(f"--config {path}: '{verb}' is no table of options")
    return {**{k: v for k, v in found.items() if not isinstance(v, dict)}, **own}


def defaults(path: str, command: click.Command, verb: str) -> dict[str, Any]:
    """The values of a file as defaults of a command's parameters.

    Raises:
        UsageError: A key that is no option of the verb.
    """
    known = {
        spelling.lstrip("-").replace("_", "-"): parameter
        for parameter in command.params
        for spelling in parameter.opts
        if parameter.name not in NEVER
    }
    made: dict[str, Any] = {}
    for key, value in read(path, verb).items():
        name = key.replace("_", "-")
        if name not in known:
            raise UsageError(f"--config {path}: {verb} has no --{name}: {nearest(name, [*known])}")
        parameter = known[name]
        several = getattr(parameter, "multiple", False)
        if isinstance(value, list) and not several:
            value = ",".join(map(str, value))
        elif several and not isinstance(value, list):
            value = [value]
        if parameter.name is not None:
            made[parameter.name] = value
    return made


def _take(ctx: click.Context, value: str | None) -> None:
    """Before the other options are looked at: let the file's values be their defaults."""
    if value is not None and ctx.command.name:
        ctx.default_map = {
            **(ctx.default_map or {}),
            **defaults(value, ctx.command, ctx.command.name),
        }


Config = Annotated[
    str | None,
    o.option(
        "--config",
        metavar="FILE",
        help="Options from a TOML file (epochs = 30); what is typed comes first.",
        is_eager=True,
        expose_value=False,
        callback=_take,
    ),
]
