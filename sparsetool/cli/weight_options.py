"""Options by which `mask` and `prune` choose weights, spelled once and handed on together."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from ..errors import UsageError
from . import options as o

if TYPE_CHECKING:
    from ..masks.request import Choice
    from ..ticket.value import Ticket

SHARES = "--global S, --balanced S, --erk S or --uniform S"
Amount = Annotated[
    str | None,
    o.option(
        "--sparsity", metavar="S", help="Sparsity, with --density or where masks are constructed."
    ),
]
Parent = Annotated[
    str | None, o.option("--parent", metavar="FILE", help="Earlier ticket to compare with.")
]
OFFERED: dict[str, tuple[Any, Any]] = {
    "iterations": (
        Annotated[
            int | None,
            o.option(
                "--iterations",
                metavar="T",
                help="Rounds of scoring and masking; default: the criterion's (mostly 1).",
            ),
        ],
        None,
    ),
    "min_per_layer": (
        Annotated[int, o.option("--min-per-layer", metavar="N", help="Weights every layer keeps.")],
        0,
    ),
    "repair": (
        Annotated[bool, o.option("--repair", help="Keep the best weight of a layer left empty.")],
        False,
    ),
    "n_m": (
        Annotated[
            str | None,
            o.option("--n-m", metavar="N:M", help="Keep N of every M inputs, instead of a share."),
        ],
        None,
    ),
    "blocks": (
        Annotated[
            str | None,
            o.option("--blocks", metavar="RxC", help="Keep or remove whole blocks, such as 4x1."),
        ],
        None,
    ),
    "channels": (
        Annotated[
            bool,
            o.option("--channels", help="Keep or remove whole channels; S is a fraction of them."),
        ],
        False,
    ),
    "update": (
        Annotated[
            bool,
            o.option(
                "--update", help="Adjust the kept weights to the removal (WoodFisher, SparseGPT)."
            ),
        ],
        False,
    ),
    "data": (o.Data, None),
    "data_root": (o.DataRoot, None),
    "batches": (
        Annotated[
            int | None, o.option("--batches", metavar="N", help="Batches to score on; default: 1.")
        ],
        None,
    ),
    "batch_size": (
        Annotated[
            int | None,
            o.option(
                "--batch-size",
                metavar="B",
                help="Examples in a batch; default: the criterion's, or as in training.",
            ),
        ],
        None,
    ),
    "device": (o.Device, "auto"),
    "threads": (o.Threads, "auto"),
}


def with_choice(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options above; it receives those that were given as the dictionary `how`."""
    signature = inspect.signature(verb, eval_str=True)

    @functools.wraps(verb)
    def call(*args: Any, **given: Any) -> None:
        how = {name: given.pop(name) for name in OFFERED if name in given}
        given["how"] = {n: value for n, value in how.items() if value != OFFERED[n][1]}
        verb(*args, **given)

    own = [p for p in signature.parameters.values() if p.name != "how"]
    kind = inspect.Parameter.KEYWORD_ONLY
    more = [
        inspect.Parameter(name, kind, default=default, annotation=annotation)
        for name, (annotation, default) in OFFERED.items()
    ]
    at = next(i for i, p in enumerate(own) if p.name == "seed")
    parameters = [p.replace(kind=kind) for p in [*own[:at], *more, *own[at:]]]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return call


def amount(choice: Choice, share: str | None, typed: str | None, also: str = "") -> str | None:
    """The sparsity that was typed: with a share rule's flag, or by itself.

    By itself it is where masks are constructed, or the shares were named by `--density`.

    Args:
        choice: The criterion and the density, as asked.
        share: The value of a share rule, or None.
        typed: The value of `--sparsity`, or None.
        also: Another way to say how many, for the message.

    Raises:
        UsageError: Typed in the other way.
    """
    if choice.constructs and share is not None:
        raise UsageError(
            f"{_typed(choice)} constructs whole masks, without shares of layers: give --sparsity S"
        )
    if not choice.constructs and typed is not None and choice.density is None:
        raise UsageError(f"{_typed(choice)} ranks by a share of each layer: give {SHARES}{also}")
    return share if share is not None else typed


def _typed(choice: Choice) -> str:
    """The criterion as it is typed: a member of ours is a flag."""
    from ..plugins.find import members

    named = choice.name in members("criteria")
    return f"--{choice.name}" if named else f"--criterion {choice.name}"


def whole(result: Ticket) -> list[str]:
    """How many channels are left, in a line, where whole ones were chosen."""
    achieved = result.lineage[-1]["achieved"]
    if "of_channels" not in achieved:
        return []
    return [
        f"keeps {achieved['channels']:,} of {achieved['of_channels']:,} channels: "
        "'export --shrink' writes the network without the others"
    ]


def rounding(choice: Choice) -> list[str]:
    """What is to be said of masks that small differences of rounding decide, in a line."""
    if choice.rounds == 1 or not choice.member.rounding:
        return []
    return [
        f"after {choice.rounds} rounds of {choice.name} the mask depends on rounding: on another "
        "machine or build many kept weights may be others"
    ]


def connection(result: Ticket) -> list[str]:
    """What a mask cut off, in a line or two; nothing where every kept weight lies on a path.

    Which channels of a layer are dead, `show --layers --json` says by number.
    """
    from ..layer_graph.paths import connectivity

    found = connectivity(result)
    lines = []
    if found.empty:
        count = len(found.empty)
        names = some([name.removesuffix(".weight") for name in found.empty])
        lines.append(f"{count} {'layer is' if count == 1 else 'layers are'} empty: {names}")
    if found.dead is None:
        lines.append("channels were not checked: the network's graph could not be traced")
    elif not found.connected:
        lines.append("no path leads from the input to the output")
    elif dead := {name: cut for name, cut in found.dead.items() if cut.any()}:
        count = sum(int(cut.sum()) for cut in dead.values())
        most = sorted(dead.items(), key=lambda each: -each[1].mean())
        where = [f"{name.removesuffix('.weight')} {cut.sum()} of {len(cut)}" for name, cut in most]
        lines.append(
            f"{count:,} dead channel{'s' * (count != 1)} in {len(dead)} of {len(found.dead)} layers"
            f"; effective sparsity {found.sparsity:.4g}; dead are {some(where)}"
        )
    return lines


def some(names: Sequence[str], most: int = 4) -> str:
    """The first of many names, and how many more there are; 'show --layers' has all.

    Example:
        >>> some(["a", "b", "c"]), some(list("abcdefg"), 2)
        ('a, b, c', 'a, b and 5 more')
    """
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
