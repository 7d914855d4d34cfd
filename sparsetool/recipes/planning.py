"""Estimate of a recipe's cost on this machine, before it runs."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data.facts import facts_of
from ..data.naming import recorded_name
from ..errors import SparsetoolError
from ..plugins.own_code import MARK
from .estimate import BACKWARD, Work, work
from .jobs import once
from .recording import Call

SCALES = ("SCALE", "OUT", "JOBS")  # knobs that say nothing of the experiment


def counts(calls: Sequence[Call]) -> dict[str, Any]:
    """Trainings, cycles, epochs, training FLOPs, calls, and calls by verb; repeats count once."""
    distinct = once(calls)
    trained = work(distinct).values()
    return {
        "trainings": sum(each.trainings for each in trained),
        "cycles": sum(each.cycles for each in trained),
        "epochs": sum(each.epochs for each in trained),
        "train_flops": sum(each.train_flops(macs) for each in trained),
        "calls": len(distinct),
        "verbs": dict(sorted(Counter(call.verb for call in distinct.values()).items())),
    }


@functools.lru_cache
def macs(model: str, data: str) -> int:
    """Dense multiply-accumulates per example of a model for a data set."""
    from ..analysis.costs import uses
    from ..layer_graph.tensors import tensors
    from ..networks.build import build

    facts = facts_of(recorded_name("datasets", data))
    model = recorded_name("models", model)
    weights = tensors(build(model, facts.classes, facts.input))
    times = uses(model, facts.classes, facts.input)
    return sum(weights[name].numel() * many for name, many in times.items())


@dataclass(frozen=True)
class Time:
    """How long a recipe takes.

    Attributes:
        seconds: From its start to its end.
        device: What trains: `cpu`, `cuda` or `mps`.
    """

    seconds: float
    device: str


def duration(calls: Sequence[Call], jobs: int, say: Callable[[str], None]) -> Time:
    """How long the calls take here, from some timed steps of each network.

    Branches share the machine evenly, but nothing begins before what it reads is there.

    Args:
        calls: A recipe's calls, in order.
        jobs: Branches at once.
        say: Told what is being timed.
    """
    from ..compute.device import cores
    from .speed import speed

    distinct = once(calls)
    done = work(distinct)
    say("timing the start of a verb")
    light, heavy = starts()
    device, rates = "cpu", dict[tuple[Any, ...], float]()
    for each in done.values():
        if each.network is not None and _kind(each) not in rates:
            say(f"timing steps of {each.network.model} on {each.data.partition(MARK)[0]}")
            found = speed(each.network.model, each.data, dict(each.asked))
            device, rates[_kind(each)] = found.device, found.example
    takes = {
        place: (heavy if each.heavy else light)
        + (each.trained + each.passed / (1 + BACKWARD))
        * rates.get(_kind(each), 0.0)
        / (min(each.parallel, cores()) if device == "cpu" else 1)
        for place, each in done.items()
    }
    return Time(max(sum(takes.values()) / jobs, _longest(distinct, takes)), device)


def _kind(each: Work) -> tuple[Any, ...]:
    """What decides how fast a step is."""
    return (each.network.model if each.network else None, each.data, each.asked)


def _longest(calls: Mapping[int, Call], takes: Mapping[int, float]) -> float:
    """Seconds of the longest chain of calls that need each other."""
    ends: dict[int, float] = {}
    made: dict[str, float] = {}
    for place, call in calls.items():
        begins = [ends.get(parent, 0.0) for parent in call.parents]
        begins += [made.get(file, 0.0) for file in call.inputs]
        ends[place] = max(begins, default=0.0) + takes[place]
        made |= dict.fromkeys(call.outputs, ends[place])
    return max(ends.values(), default=0.0)


def at_once(knobs: Mapping[str, str]) -> int:
    """Branches that run at once.

    Raises:
        SparsetoolError: JOBS is no such number.
    """
    typed = knobs.get("JOBS", "1")
    if not typed.isdecimal() or int(typed) < 1:
        raise SparsetoolError(f"JOBS must be at least 1, not {typed}")
    return int(typed)


def starts() -> tuple[float, float]:
    """Seconds that a verb takes by itself: one without torch, one with it."""
    with tempfile.TemporaryDirectory(prefix="sparsetool-plan-") as folder:
        ticket = str(Path(folder, "a.st"))
        heavy = _took("init", "mlp:4", "--quiet", "-o", ticket)
        return _took("show", "--quiet", "--json", ticket), heavy


def _took(*words: str) -> float:
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "sparsetool", *words], stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begin


def about(seconds: float) -> str:
    """A time in words, in a unit that a person would choose."""
    for unit, size, most in (("second", 1, 90), ("minute", 60, 90), ("hour", 3600, 48)):
        if seconds < size * most:
            count = max(1, round(seconds / size))
            return f"about {count} {unit}{'s' * (count != 1)}"
    return f"about {round(seconds / 86400):,} days"
