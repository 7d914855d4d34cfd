"""Masks as other programs keep them, as masks of a ticket: zeros and ones, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..errors import SparsetoolError
from .fitting import Fitted
from .found import Found, Sparse, numbers, plain, some

Arrays = dict[str, np.ndarray]


def binary(found: Found, key: str, name: str) -> np.ndarray:
    """A mask, bool.

    Raises:
        SparsetoolError: Some of it is neither 0 nor 1.
    """
    array = numbers(found, key, name)
    if array.dtype == bool:
        if array.size and array.view(np.uint8).max() > 1:
            raise SparsetoolError(f"{name}: the mask {plain(key)} holds bytes other than 0 and 1")
        return array
    odd = (array != 0) & (array != 1)  # NaN is neither
    if odd.any():
        first = array[odd][0]
        raise SparsetoolError(
            f"{name}: {int(np.count_nonzero(odd)):,} of {array.size:,} entries of the mask "
            f"{plain(key)} are neither 0 nor 1 (the first is {first}): a ticket's mask keeps or "
            "removes; choose by a threshold where it was made, or leave it out by --ignore"
        )
    return array != 0


def masks_of(
    fitted: Fitted,
    shapes: Mapping[str, tuple[int, ...]],
    name: str,
) -> Arrays:
    """Every mask of a file by parameter, prunable or not.

    Args:
        fitted: The file's entries.
        shapes: Shape of each tensor of the network.
        name: What to call the file in errors.
    """
    return {
        parameter: binary(entry, key, name).reshape(shapes[parameter])
        for parameter, (key, entry) in {**fitted.masks, **stored_positions(fitted, name)}.items()
    }


def stored_positions(fitted: Fitted, name: str) -> dict[str, tuple[str, Found]]:
    """What sparse weights store, as masks; of those that have no other mask.

    Raises:
        SparsetoolError: A position lies outside its weight.
    """
    sparse = {
        parameter: (key, entry)
        for parameter, (key, entry) in fitted.weights.items()
        if isinstance(entry, Sparse) and parameter not in fitted.masks
    }
    if sparse:
        fitted.said.append(f"took what {some(sparse)} do not store as pruned")
    made: dict[str, tuple[str, Found]] = {}
    for parameter, (key, entry) in sparse.items():
        try:
            made[parameter] = key, entry.stored()
        except (ValueError, IndexError) as error:
            raise SparsetoolError(f"{name}: {plain(key)} is damaged: {error}") from None
    return made


def within(
    masks: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]], prunable: Sequence[str]
) -> Arrays:
    """Masks of the prunable weights, in model order; none where no mask is of any of them."""
    if not any(key in masks for key in prunable):
        return {}
    return {key: masks[key] if key in masks else np.ones(shapes[key], bool) for key in prunable}


def bare(
    fitted: Fitted, shapes: Mapping[str, tuple[int, ...]], prunable: Sequence[str], name: str
) -> Arrays:
    """Masks of a file of masks alone, which may name them as the weights.

    Raises:
        SparsetoolError: It masks what is not prunable, or nothing that is.
    """
    named = Fitted({}, {**fitted.weights, **fitted.masks}, fitted.said)
    found = masks_of(named, shapes, name)
    others = {key: mask for key, mask in found.items() if key not in prunable}
    lost = [key for key, mask in others.items() if not mask.all()]
    if lost:
        raise SparsetoolError(
            f"{name} masks {some(lost)}, which is not prunable here: masks alone hold prunable "
            "weights; import it together with its weights, or leave it out by import --ignore"
        )
    if others:
        fitted.said.append(f"left out masks that keep everything: {some(others)}")
    masks = within(found, shapes, prunable)
    if not masks:
        raise SparsetoolError(
            f"{name} has no mask of a prunable weight; those are {some(prunable)}"
        )
    whole = [key for key in prunable if key not in found]
    if whole:
        fitted.said.append(f"no mask of {some(whole)}: kept whole")
    return masks
