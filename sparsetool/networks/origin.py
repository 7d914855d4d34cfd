"""How somebody else's file is to be read: what `import` was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..data.naming import recorded_name
from ..errors import UsageError
from ..ticket.lineage import recorded


@dataclass(frozen=True)
class Origin:
    """How a foreign file is to be read.

    Attributes:
        model: The network that the weights are of, by its recorded name.
        data: Data set, which decides classes and input, likewise.
        seed: The ticket's seed.
        exclude: Patterns of weights that no verb shall ever prune.
        maps: New beginning of a parameter's name by its beginning in the file; "" is every name's.
        zeros: Take weights that are exactly zero as pruned, where the file has no masks.
        take: Which of several state dicts in the file, as `state_dict_ema`.
        ignore: Patterns of entries of the file to leave out.
        fresh: Patterns of the network's tensors to initialise instead of taking them.
        normalize: What the network's images were normalised by: a data set, or MEAN/STD.
        data_root: Folder of data sets.
        prune_also: Patterns of matrices that are not prunable by default, and shall be.
    """

    model: str
    data: str = "digits"
    seed: int = 0
    exclude: tuple[str, ...] = ()
    maps: Mapping[str, str] = field(default_factory=dict)
    zeros: bool = False
    take: str | None = None
    ignore: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    normalize: str | None = None
    data_root: str | None = None
    prune_also: tuple[str, ...] = ()

    @classmethod
    def typed(cls, model: str, data: str = "digits", *rest: Any, **more: Any) -> Origin:
        """As whoever runs the program says it: code that is named so may be run.

        Raises:
            UsageError: No such model or data set.
        """
        named = cls(model, data, *rest, **more)
        return replace(
            named,
            model=recorded_name("models", model),
            data=recorded_name("datasets", data, named.data_root),
        )

    @property
    def options(self) -> dict[str, Any]:
        """Its result options, as a record holds them."""
        return recorded(
            {
                "model": self.model,
                "data": self.data,
                "exclude": list(self.exclude) or None,
                "prune_also": list(self.prune_also) or None,
                "map": dict(self.maps) or None,
                "zeros": self.zeros,
                "take": self.take,
                "ignore": list(self.ignore) or None,
                "fresh": list(self.fresh) or None,
                "normalize": self.normalize,
            }
        )


def maps_of(pairs: list[str] | None) -> dict[str, str]:
    """Renames from `--map OLD=NEW`; `=PREFIX` puts a prefix before every name.

    Raises:
        UsageError: One without `=`, or twice the same OLD.
    """
    found: dict[str, str] = {}
    for pair in pairs or []:
        old, equals, new = pair.partition("=")
        if not equals or pair == "=":
            raise UsageError(f"--map wants OLD=NEW, or =PREFIX, not '{pair}'")
        if found.setdefault(old, new) != new:
            raise UsageError(f"--map {old}= is given twice")
    return found
