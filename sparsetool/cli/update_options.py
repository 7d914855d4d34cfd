"""Options of masks that move while a network trains, spelled once and handed on together."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

from . import options as o

OFFERED: dict[str, Any] = {
    "update": Annotated[
        str | None,
        o.option(
            "--update",
            metavar="NAME",
            help="Masks move by this method; default: they stay.",
            values=o.members_of("updates"),
        ),
    ],
    "to": Annotated[
        str | None, o.option("--to", metavar="S", help="Sparsity that they end at, where it moves.")
    ],
    "update_every": Annotated[
        int | None,
        o.option("--update-every", metavar="STEPS", help="Steps between updates of masks."),
    ],
    "update_until": Annotated[
        str | None,
        o.option("--update-until", metavar="E", help="Epochs of a cycle after which they stay."),
    ],
    "drop_fraction": Annotated[
        str | None,
        o.option("--drop-fraction", metavar="F", help="Part of a layer an update drops at most."),
    ],
    "drop_decay": Annotated[
        str | None,
        o.option(
            "--drop-decay",
            metavar="NAME",
            help="How it falls: cosine, constant, linear, steps.",
            values=o.constant("plugins/updates.py", "DECAYS"),
        ),
    ],
}


def with_update(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options above; it receives those that were given as the dictionary `moving`.

    They come before its `keep`, or `output`.
    """
    signature = inspect.signature(verb, eval_str=True)

    @functools.wraps(verb)
    def call(*args: Any, **given: Any) -> None:
        moving = {name: given.pop(name, None) for name in OFFERED}
        given["moving"] = o.given(**moving)
        verb(*args, **given)

    kind = inspect.Parameter.KEYWORD_ONLY
    more = [
        inspect.Parameter(name, kind, default=None, annotation=annotation)
        for name, annotation in OFFERED.items()
    ]
    own = [p for p in signature.parameters.values() if p.name != "moving"]
    at = next(i for i, p in enumerate(own) if p.name in ("keep", "output"))
    parameters = [p.replace(kind=kind) for p in [*own[:at], *more, *own[at:]]]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call
