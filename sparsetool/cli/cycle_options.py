"""Options of when cycles end, what an epoch draws and does; handed on together."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

from . import options as o

OFFERED: dict[str, tuple[Any, Any]] = {
    "until_peak": (
        Annotated[
            bool, o.option("--until-peak", help="As many cycles as --val improves; not with --n.")
        ],
        False,
    ),
    "patience": (
        Annotated[
            int | None,
            o.option("--patience", metavar="P", help="Cycles without a new peak; default: 2."),
        ],
        None,
    ),
    "min_gain": (
        Annotated[
            str | None,
            o.option(
                "--min-gain", metavar="G", help="What a new peak is above the last by; default: 0."
            ),
        ],
        None,
    ),
    "most_cycles": (
        Annotated[
            int | None,
            o.option("--most-cycles", metavar="N", help="Cycles at most; default: 20."),
        ],
        None,
    ),
    "dense_products": (
        Annotated[bool, o.option("--dense-products", help="Multiply by pruned weights, too.")],
        False,
    ),
    "order_seed": (
        Annotated[
            int | None,
            o.option("--order-seed", metavar="N", help="Of the data order; default: --seed."),
        ],
        None,
    ),
    "augmentation_seed": (
        Annotated[
            int | None,
            o.option(
                "--augmentation-seed",
                metavar="N",
                help="Of crops, flips, dropout; default: --seed.",
            ),
        ],
        None,
    ),
    "extra": (
        Annotated[
            str | None,
            o.option("--extra", metavar="CODE", help="Your own extra of training, FILE.py:NAME."),
        ],
        None,
    ),
}


def with_cycles(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options above; it receives those that were given as the dictionary `ending`.

    They come after its `seed`.
    """
    signature = inspect.signature(verb, eval_str=True)

    @functools.wraps(verb)
    def call(*args: Any, **given: Any) -> None:
        ending = {name: given.pop(name, default) for name, (_, default) in OFFERED.items()}
        given["ending"] = o.given(**ending)
        verb(*args, **given)

    kind = inspect.Parameter.KEYWORD_ONLY
    more = [
        inspect.Parameter(name, kind, default=default, annotation=annotation)
        for name, (annotation, default) in OFFERED.items()
    ]
    own = [p for p in signature.parameters.values() if p.name != "ending"]
    at = next(i for i, p in enumerate(own) if p.name == "seed") + 1
    parameters = [p.replace(kind=kind) for p in [*own[:at], *more, *own[at:]]]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call
