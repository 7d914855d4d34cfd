"""A file's entries fitted to a network: each to its parameter, in its shape, as weight or mask.

Nothing is lost in silence: what is left out or reshaped is said, and what cannot be right is
refused with what the file holds, what the network wants and the `--map` that would help.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np

from ..errors import SparsetoolError
from .found import Contents, Found, Odd, Sparse, numbers, plain, shapes, size, some
from .names import Names, Place, nearest_map, peers, stages

SPARE = ("n_averaged", "total_ops", "total_params")  # of averaged models and of thop
COUNTER = "num_batches_tracked"  # files from before PyTorch 0.4.1 have none


@dataclass
class Fitted:
    """Entries by the network's parameter.

    Attributes:
        weights: Key in the file and entry.
        masks: Likewise.
        said: Lines for whoever imports it.
    """

    weights: dict[str, tuple[str, Found]] = field(default_factory=dict)
    masks: dict[str, tuple[str, Found]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def fit(
    contents: Contents,
    own: Mapping[str, tuple[int, ...]],
    known: Mapping[str, str],
    name: str,
    model: str,
    *,
    maps: Mapping[str, str],
    ignore: Sequence[str] = (),
    fresh: Sequence[str] = (),
    whole: bool = True,
) -> Fitted:
    """Give each entry its place.

    Args:
        contents: What the file holds.
        own: Shape of each tensor of the network, by its first name.
        known: First name of each tensor by every name it has.
        name: What to call the file in errors.
        model: What to call the network.
        maps: New beginning of a name by its beginning in the file.
        ignore: Patterns of entries to leave out.
        fresh: Patterns of the network's tensors that are not taken from the file.
        whole: Whether every tensor of the network must be there, if anything but masks is.

    Raises:
        SparsetoolError: An entry without a place, two for one place, or a tensor without an entry.
    """
    entries = _without(contents.entries, ignore, name)
    anew = {first for key, first in known.items() if _any(key, fresh)}
    wanted = {key: shape for key, shape in own.items() if key not in anew}
    unmatched = [pattern for pattern in fresh if not any(_any(key, [pattern]) for key in known)]
    if unmatched:
        raise SparsetoolError(
            f"--fresh '{plain(unmatched[0])}' matches nothing of {model}, which has {some(own, 5)}"
        )
    best: tuple[int, dict[str, Place | None], str, Names] | None = None
    for who, translate in {"": lambda key: key, **peers(entries)}.items():
        names = Names(known, maps, translate)
        places = {key: names.place(key) for key in entries}
        left = sum(place is None for place in places.values())
        if best is None or left < best[0]:
            best = left, places, who, names
    assert best is not None
    _, places, who, names = best
    if not any(places.values()):
        places = names.of_masks(entries)
    for old in maps:
        if old not in names.matched:
            raise SparsetoolError(
                f"--map '{plain(old)}={plain(maps[old])}' matches nothing in {name}, which holds "
                f"{shapes(entries)}"
            )
    fitted = Fitted(said=[f"read the names of {who} as those of {model}"] if who else [])
    spare = {}
    for key, place in places.items():
        if place is None:
            spare[key] = entries[key]
        elif place.mask or place.parameter in wanted:
            _put(fitted, place, key, entries[key], own, known, name)
    _check_shapes(fitted, own, name, model)
    complete = not whole or all(key in fitted.weights or key.endswith(COUNTER) for key in wanted)
    _check_spare(spare, complete, own, fitted, name, model, wanted)
    return fitted


def _any(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, p) or fnmatchcase(name, f"{p}.*") for p in patterns)


def _without(entries: Mapping[str, Found], ignore: Sequence[str], name: str) -> dict[str, Found]:
    left = dict(entries)
    for pattern in ignore:
        gone = [k for k in entries if any(_any(stage, [pattern]) for stage in stages(k))]
        if not gone:
            raise SparsetoolError(
                f"--ignore '{plain(pattern)}' matches nothing in {name}, which holds "
                f"{shapes(entries)}"
            )
        left = {key: entry for key, entry in left.items() if key not in gone}
    return left


def _put(
    fitted: Fitted,
    place: Place,
    key: str,
    entry: Found,
    own: Mapping[str, tuple[int, ...]],
    known: Mapping[str, str],
    name: str,
) -> None:
    """Put an entry in its place; a second one only if it is the same weight under a tied name."""
    held = fitted.masks if place.mask else fitted.weights
    if place.parameter not in held:
        held[place.parameter] = key, entry
        return
    other, first = held[place.parameter]
    tied = sum(first == place.parameter for first in known.values()) > 1
    alike = (tied or place.mask) and first.shape == entry.shape == own[place.parameter]
    if alike and np.array_equal(numbers(first, other, name), numbers(entry, key, name)):
        return
    if tied:
        raise SparsetoolError(
            f"{name}: {plain(other)} and {plain(key)} are one tied weight, but differ in the file"
        )
    raise SparsetoolError(
        f"{name}: {plain(other)} and {plain(key)} both become {place.parameter}"
        f"{' as its mask' if place.mask else ''}: leave one out by --ignore, or --map them apart"
    )


def _check_spare(
    spare: Mapping[str, Found],
    complete: bool,
    own: Mapping[str, tuple[int, ...]],
    fitted: Fitted,
    name: str,
    model: str,
    wanted: Mapping[str, tuple[int, ...]],
) -> None:
    """Leave out, in a line, what belongs to no part of the network; refuse what may."""
    tops = {key.partition(".")[0] for key in own}
    inside = {
        key: entry
        for key, entry in spare.items()
        if stages(key)[-1].partition(".")[0] in tops and not key.endswith(SPARE)
    }
    bare = not fitted.weights and fitted.masks
    if inside and (complete or bare):
        raise SparsetoolError(
            f"{name}: {model} has no {some(inside)}: give the right --model, --map OLD=NEW, or "
            "leave them out by --ignore PATTERN"
        )
    if not complete and not bare and not only_masks(fitted, own):
        raise SparsetoolError(_lacking(spare, fitted, name, model, wanted))
    if spare:
        fitted.said.append(f"left out {some(spare, 5)}, which {model} does not have")


def only_masks(fitted: Fitted, own: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether all that was taken are arrays of zeros and ones: masks under the weights' names."""
    for parameter, (_, entry) in fitted.weights.items():
        if isinstance(entry, Odd) or tuple(entry.shape) != own[parameter] or not entry.shape:
            return False
        values = entry.values if isinstance(entry, Sparse) else entry
        if not ((values == 0) | (values == 1)).all():
            return False
    return bool(fitted.weights)


def _lacking(
    spare: Mapping[str, Found],
    fitted: Fitted,
    name: str,
    model: str,
    wanted: Mapping[str, tuple[int, ...]],
) -> str:
    """What the file holds, what the network wants, and what to do."""
    missing = {
        key: shape
        for key, shape in wanted.items()
        if key not in fitted.weights and not key.endswith(COUNTER)
    }
    held = {**spare, **dict(fitted.weights.values())}
    hint = nearest_map(missing, {key: tuple(entry.shape) for key, entry in spare.items()})
    lacks = some((f"{key} {list(shape)}" for key, shape in missing.items()))
    cure = f"--map {plain(hint)}" if hint else "--map OLD=NEW"
    rest = "" if len(missing) == len(wanted) else " or --fresh PATTERN for what it lacks"
    return (
        f"{name} lacks {lacks}, which {model} wants; it holds {shapes(held)}: "
        f"give the right --model, or {cure}{rest}"
    )


def _check_shapes(
    fitted: Fitted, own: Mapping[str, tuple[int, ...]], name: str, model: str
) -> None:
    """Refuse other shapes; linear layers as 1x1 convolutions and flat sparse matrices are one."""
    reshaped = []
    for held, what in ((fitted.weights, ""), (fitted.masks, "the mask ")):
        for parameter, (key, entry) in held.items():
            shape = own[parameter]
            if tuple(entry.shape) == shape:
                continue
            if isinstance(entry, Odd):
                numbers(entry, key, name)  # what it is matters more than its shape
            if not _alike(entry, shape):
                hint = "" if what else f", or --fresh '{parameter.rpartition('.')[0] or parameter}'"
                raise SparsetoolError(
                    f"{name}: {what}{plain(key)} has shape {list(entry.shape)}, {model} wants "
                    f"{list(shape)}: give the right --model{hint}"
                )
            if isinstance(entry, np.ndarray):
                held[parameter] = key, entry.reshape(shape)
                reshaped.append(parameter)
    if reshaped:
        fitted.said.append(f"took {some(dict.fromkeys(reshaped))} without axes of length 1")


def _alike(entry: Found, shape: tuple[int, ...]) -> bool:
    """Whether an entry has the numbers of this shape in the same order."""
    flat = tuple(entry.shape)
    if isinstance(entry, Sparse):
        matrix = len(flat) == 2 and len(shape) > 2 and flat[0] == shape[0]
        return matrix and size(entry) == math.prod(shape)
    longer, shorter = max(flat, shape, key=len), min(flat, shape, key=len)
    return longer[: len(shorter)] == shorter and set(longer[len(shorter) :]) == {1}
