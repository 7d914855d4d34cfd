"""Options that several verbs share, spelled once, and options made from families.

Every annotation here is ready for a verb's signature. Families (criteria, densities) become one
option per member, so that a new file is a new option.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, cast

import typer

from ..errors import UsageError, nearest
from ..plugins import find

Offers = Callable[[], list[tuple[str, str]]]
Values = Sequence[str] | Offers


def members_of(family: str) -> Offers:
    """A family's members as values: offered by completion, checked where they are loaded."""
    return lambda: [(m, find.summary(family, m)) for m in find.members(family)]


def constant(file: str, variable: str) -> Offers:
    """A tuple of names in a heavy module as values, read without importing the module."""
    return lambda: [(str(v), "") for v in cast(tuple, find.literal(find.TOP / file, variable))]


def _known(name: str, values: Values | None) -> dict[str, Any]:
    if values is None:
        return {}
    if callable(values):
        return {"autocompletion": values}
    names = list(values)

    def check(value: str | None) -> str | None:
        return value if value is None else choice(value, names, name)

    return {"autocompletion": lambda: [(v, "") for v in names], "callback": check}


def option(
    *names: str, help: str, metavar: str | None = None, values: Values | None = None, **rest: Any
) -> Any:
    """A typer option whose help does not repeat its default's type.

    Args:
        names: Its spellings, the longest last.
        help: What it does.
        metavar: What its value is; completion offers files for FILE and folders for DIR.
        values: What completion offers as its value. A plain sequence is all there is: anything
            else is refused. A function is asked by the generator of completions alone.
        rest: Passed on to typer.
    """
    rest.update(_known(names[-1], values))
    return typer.Option(*names, help=help, metavar=metavar, **rest)


def argument(help: str, metavar: str, values: Values | None = None) -> Any:
    """A typer argument; `values` as for `option`."""
    return typer.Argument(help=help, metavar=metavar, **_known(metavar, values))


File = Annotated[
    str | None, argument("Ticket to read; standard input without it, or with '-'.", "[FILE]")
]
Files = Annotated[
    list[str] | None, argument("Tickets to read; standard input without any.", "[FILE ...]")
]
Output = Annotated[
    str | None,
    option("-o", "--output", metavar="FILE", help="Where to write; '-' is standard output."),
]
Force = Annotated[bool, option("--force", help="Overwrite a file that exists.")]
Quiet = Annotated[bool, option("-q", "--quiet", help="Print errors only.")]
Json = Annotated[bool, option("--json", help="JSON Lines, also on a terminal.")]
Seed = Annotated[
    int | None, option("--seed", metavar="N", help="Seed of this step; default: the ticket's.")
]
Data = Annotated[
    str | None,
    option(
        "--data",
        metavar="NAME",
        help="Data set; default: the ticket's own.",
        values=members_of("datasets"),
    ),
]
Model = Annotated[
    str | None,
    option(
        "--model",
        metavar="NAME",
        help="The ticket's model; needed where it is your own code, FILE.py:FUNCTION.",
    ),
]
DataRoot = Annotated[
    str | None,
    option("--data-root", metavar="DIR", help="Folder of data sets; default: $SPARSETOOL_DATA."),
]
Device = Annotated[
    str,
    option(
        "--device",
        metavar="NAME",
        help="auto, cpu, cuda or mps.",
        values=constant("compute/device.py", "DEVICES"),
    ),
]
Threads = Annotated[
    str, option("--threads", metavar="N", help="CPU threads; auto: 1 for small images, else all.")
]
Exclude = Annotated[
    list[str] | None,
    option("--exclude", metavar="PATTERN", help="Weights that are never pruned."),
]
PruneAlso = Annotated[
    list[str] | None,
    option(
        "--prune-also",
        metavar="PATTERN",
        help="Further matrices that count as prunable: LSTM, embeddings, GPT-2's Conv1D.",
    ),
]
Labels = Annotated[
    list[str] | None,
    option("--label", metavar="KEY=VALUE", help="Label for plots, put into every line."),
]


def _member_parameter(family: str, name: str, valued: bool) -> inspect.Parameter:
    words = find.summary(family, name)
    flag = f"--{name}"
    annotation: Any = (
        Annotated[str | None, option(flag, metavar="S", help=words)]
        if valued
        else Annotated[bool, option(flag, help=words)]
    )
    return inspect.Parameter(
        f"{family}_{name.replace('-', '_')}",
        inspect.Parameter.KEYWORD_ONLY,
        default=None if valued else False,
        annotation=annotation,
    )


def with_family(
    family: str, name: str, value: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a verb one option per member of a family.

    Args:
        family: The folder.
        name: Keyword under which the verb receives the chosen member's name, or None.
        value: Where members take a value (`--balanced S`): keyword under which the verb gets it.
    """

    def decorate(verb: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(verb, eval_str=True)
        made = [_member_parameter(family, m, value is not None) for m in find.members(family)]
        word = find.SINGULAR[family]
        named = inspect.Parameter(
            f"{name}_named",
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None,
                option(
                    f"--{name}",
                    metavar="NAME",
                    help=f"The {word} by name; your own is FILE.py:FUNCTION.",
                    values=members_of(family),
                ),
            ],
        )

        @functools.wraps(verb)
        def call(*args: Any, **given: Any) -> None:
            chosen = {
                member: given.pop(parameter.name)
                for member, parameter in zip(find.members(family), made, strict=True)
            }
            spec = given.pop(named.name)
            picked = [m for m, v in chosen.items() if v is not None and v is not False]
            picked += [spec] if spec is not None else []
            if len(picked) > 1:
                flags = " and ".join(f"--{m}" for m in picked)
                raise UsageError(f"{flags} exclude each other: give one")
            given[name] = picked[0] if picked else None
            if value is not None:
                given[value] = chosen.get(picked[0]) if picked else None
            verb(*args, **given)

        own = [p for p in signature.parameters.values() if p.name not in (name, value)]
        at = 1 if own and own[0].name in ("file", "files") else 0
        parameters = [*own[:at], *made, named, *own[at:]]
        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        return call

    return decorate


def given(**options: Any) -> dict[str, Any]:
    """Options that were given: without those that are None, False or empty."""
    return {k: v for k, v in options.items() if v is not None and v is not False and v != []}


def choice(value: str, known: Iterable[str], what: str) -> str:
    """Check a value against the known ones.

    Raises:
        UsageError: It is unknown; the message names the nearest.
    """
    if value not in (names := list(known)):
        raise UsageError(f"unknown {what} '{value}': {nearest(value, names)}")
    return value


def positive(value: int | None, name: str, least: int = 1) -> None:
    """Refuse a count below `least`."""
    if value is not None and value < least:
        raise UsageError(f"{name} must be at least {least}, not {value}")


def labels_of(pairs: list[str] | None) -> dict[str, str]:
    """Labels from `--label key=value`, which may be repeated.

    Raises:
        UsageError: A label without `=` or without a key.
    """
    found = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"--label wants KEY=VALUE, not '{pair}'")
        found[key] = value
    return found
