"""What the calls of a recipe cost: trainings, epochs, training FLOPs, seconds.

Every ticket is followed from `init` through the calls: what network it is, for what data, and how
dense. The density is taken as one number for the whole network (global sparsity), though layers
differ in both density and uses of a weight: an estimate, for `flops` on the tickets tells exactly.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..data.facts import facts_of
from ..data.naming import recorded_name
from ..errors import SparsetoolError
from ..plugins import find
from ..plugins.own_code import is_code
from ..training.peak import DEFAULTS
from .recording import Call

# Verbs that never import torch (`sparsetool guide promises`, "Fast start"), where they take no
# score of a network.
LIGHT = {
    "mask",
    "prune",
    "rewind",
    "transfer-signs",
    "show",
    "diff",
    "data",
    "runs",
    "recipe",
    "compare",
}
BACKWARD = 2  # forward passes that a backward pass costs
PRODUCTS = 10  # Hessian-vector products for one eigenvalue; each costs two training examples
OPTIONS: Mapping[str, Callable[[str], Any]] = {  # of train-cycles: how fast a step is
    "batch-size": int,
    "optimizer": str,
    "device": str,
    "precision": str,
    "threads": str,
}


@dataclass(frozen=True)
class Network:
    """A ticket as far as its costs go.

    Attributes:
        model: Name of the network.
        data: Name of the data set of its birth.
        density: Part of the prunable weights that is kept.
    """

    model: str
    data: str
    density: float = 1.0


@dataclass(frozen=True)
class Work:
    """What one call does.

    Attributes:
        network: What it trains or measures, or None.
        data: The data set that it does so on.
        trainings: Tickets it trains.
        cycles: Cycles it trains, of all tickets.
        epochs: Epochs it trains, of all tickets.
        trained: Examples that it trains on.
        passed: Other examples that go forward through the network.
        heavy: Whether it starts torch.
        parallel: Tickets it trains at once, if there are cores enough.
        asked: Settings of training that were given.
    """

    network: Network | None = None
    data: str = ""
    trainings: int = 0
    cycles: int = 0
    epochs: int = 0
    trained: int = 0
    passed: int = 0
    heavy: bool = False
    parallel: int = 1
    asked: tuple[tuple[str, Any], ...] = ()

    def train_flops(self, macs: Callable[[str, str], int]) -> float:
        """Training FLOPs, three sparse forward passes an example.

        Args:
            macs: Dense multiply-accumulates per example of a model for a data set.
        """
        if self.network is None or not self.trained:
            return 0.0
        forward = 2 * macs(self.network.model, self.network.data) * self.network.density
        return (1 + BACKWARD) * forward * self.trained


def work(calls: Mapping[int, Call]) -> dict[int, Work]:
    """What each call does.

    Args:
        calls: Calls by place, without repeats, in order.

    Raises:
        SparsetoolError: A training reads a ticket that no call makes, or a count is no number.
    """
    by_place: dict[int, Network] = {}
    by_file: dict[str, Network] = {}
    found = {}
    for place, call in calls.items():
        piped = [by_place[parent] for parent in call.parents if parent in by_place]
        named = [by_file[file] for file in call.inputs if file in by_file]
        sources = [*piped, *named]
        result = _result(call, sources, by_file)
        if result is not None:
            by_place[place] = result
            by_file |= dict.fromkeys(call.outputs, result)
            if call.verb != "levels" and (folder := call.value("out-dir")) is not None:
                by_file |= {f"{folder}/{_last(f)}": by_file[f] for f in call.inputs}
        found[place] = _work(call, sources)
    return found


def _result(call: Call, sources: list[Network], by_file: Mapping[str, Network]) -> Network | None:
    """The network that a call makes, if it makes one."""
    if call.verb == "init":
        return Network(call.positions[0], call.value("data") or "digits")
    if call.verb == "import":
        return Network(call.value("model") or "", call.value("data") or "digits")
    if call.verb not in ("mask", "prune", "train-cycles", "levels", "rewind", "transfer-signs"):
        return None
    if not sources:
        line = " ".join(call.words)
        raise SparsetoolError(f"nothing in the recipe makes the ticket that '{line}' reads")
    return replace(sources[0], density=_density(call, sources[0].density, by_file))


def _density(call: Call, before: float, by_file: Mapping[str, Network]) -> float:
    """Density after a call, from that before it and those of further files."""
    if call.verb in ("levels", "train-cycles"):
        to = call.value("to")
        return before if to is None else 1 - _number(call, to, float)
    for option in (*find.members("densities"), "sparsity"):
        if (typed := call.value(option)) is not None:
            return 1 - _number(call, typed, float)
    if (rate := call.value("rate")) is not None:
        return before * (1 - _number(call, rate, float))
    if call.verb != "mask":
        return before
    others = {
        role: by_file[file].density
        for role in ("from", "union", "intersect")
        if (file := call.value(role)) in by_file and file is not None
    }
    if "union" in others:  # as if the masks were independent
        return 1 - (1 - before) * (1 - others["union"])
    if "intersect" in others:
        return before * others["intersect"]
    if "invert" in call.options:
        return 1 - before
    return others.get("from", 1.0 if "dense" in call.options else before)


@functools.cache
def _scored_by_network() -> frozenset[str]:
    """Criteria for which torch runs the network."""
    needs = {name: find.constant("criteria", name, "NEEDS") for name in find.members("criteria")}
    return frozenset(name for name, what in needs.items() if what in ("network", "data"))


def _work(call: Call, sources: list[Network]) -> Work:
    heavy = call.verb not in LIGHT or bool(_scored_by_network() & set(call.options))
    if call.verb not in ("train-cycles", "levels", "eval", "lmc", "hessian") or not sources:
        return Work(heavy=heavy)
    network = sources[0]
    data, root = call.value("data") or network.data, call.value("data-root")
    data = recorded_name("datasets", data, root) if is_code(data) else data
    facts = facts_of(data, root)
    if call.verb not in ("train-cycles", "levels"):
        return Work(network, data, passed=_passed(call, len(sources), facts.sizes), heavy=True)
    cycles = _number(call, call.value("n") or _most(call), int)
    each = _number(call, call.value("epochs") or str(facts.recipe["epochs"]), int)
    epochs = cycles * each - _number(call, call.value("from-epoch") or "0", int)
    if (stop := call.value("stop-after")) is not None:
        epochs = min(epochs, _number(call, stop, int))
    examples = facts.sizes.get("train", 0)
    held = _number(call, call.value("val") or "0", float)
    tests = epochs // _number(call, call.value("eval-every") or "1", int)
    asked = {
        name.replace("-", "_"): _number(call, value, kind)
        for name, kind in OPTIONS.items()
        if (value := call.value(name)) is not None
    }
    densities = _densities(call, sources)
    many = len(densities)
    return Work(
        replace(network, density=sum(densities) / many),
        data,
        trainings=many,
        cycles=many * cycles,
        epochs=many * epochs,
        trained=round(many * epochs * examples * (1 - held)),
        passed=many * tests * facts.sizes.get("test", 0),
        heavy=True,
        parallel=1
        if call.verb == "levels"
        else min(many, _number(call, call.value("jobs") or str(many), int)),
        asked=tuple(sorted(asked.items())),
    )


def _densities(call: Call, sources: list[Network]) -> list[float]:
    """Mean density of each training of a call: of each ticket, or of each level."""
    if call.verb == "train-cycles":
        ends = [_density(call, each.density, {}) for each in sources]
        return [(each.density + end) / 2 for each, end in zip(sources, ends, strict=True)]
    left = 1 - _number(call, call.value("rate") or "0.2", float)
    count = _number(call, call.value("levels") or "1", int)
    first = sources[0].density
    return [*(first * left**k for k in range(1, count)), _density(call, first, {})]


def _passed(call: Call, tickets: int, sizes: Mapping[str, int]) -> int:
    """Examples that a measure sends forward through the network; a pass back counts as two."""

    def number(option: str, default: int) -> int:
        return _number(call, call.value(option) or str(default), int)

    train, test = sizes.get("train", 0), sizes.get("test", 0)
    again = number("bn-examples", 2048)
    if call.verb == "eval":
        examples = test if call.value("split") in (None, "test") else train
        return tickets * (examples + (again if call.value("bn") == "recompute" else 0))
    if call.verb == "lmc":
        splits = call.options.get("split", ("train", "test"))
        limit = number("examples", train + test)
        examples = sum(min(test if split == "test" else train, limit) for split in splits)
        recomputed = again if call.value("bn") in (None, "recompute") else 0
        return max(tickets - 1, 1) * number("points", 21) * (examples + recomputed)
    examples = min(number("examples", 2048), train)
    return tickets * number("top", 1) * PRODUCTS * 2 * (1 + BACKWARD) * examples


def _most(call: Call) -> str:
    """Cycles that a training without `--n` has: until the peak, as many as it may be."""
    if "until-peak" not in call.options:
        return "1"
    return call.value("most-cycles") or str(DEFAULTS["most_cycles"])


def _last(file: str) -> str:
    return file.rpartition("/")[2]


def _number(call: Call, text: str, kind: Callable[[str], Any]) -> Any:
    """A word as a number (or whatever it is to be).

    Raises:
        SparsetoolError: It is none.
    """
    try:
        return kind(text)
    except ValueError:
        line = " ".join(call.words)
        raise SparsetoolError(f"'{text}' is no number, in: {line}") from None
