"""Data that somebody brings as arrays: what is taken, what is turned, and what is refused.

Shapes: N examples, C channels, H height, W width, D numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError
from ...plugins.datasets import CIFAR_RECIPE, Facts
from . import _numbers

if TYPE_CHECKING:
    import numpy as np

RECIPE: Mapping[str, Any] = {**CIFAR_RECIPE, "epochs": 30, "batch_size": 128}
DEFAULTS = ("epochs", "lr", "momentum", "weight_decay", "batch_size")
SETTINGS = ("classes", "mean", "std", "pad", "flip", "channels_last", *DEFAULTS)
SPLITS = ("train", "test")
MOST_CLASSES = 1_000_000
CHANNELS = (1, 3)
LIMITS: Mapping[str, tuple[float, float]] = {  # from, and up to but not including
    "lr": (0, math.inf),
    "momentum": (0, 1),
    "weight_decay": (0, math.inf),
}


@dataclass(frozen=True)
class Held:
    """Two splits that fit together.

    Attributes:
        parts: For `train` and `test` images uint8 or float32 [N, C, H, W] and labels int64 [N].
        facts: What is known of them.
    """

    parts: Mapping[str, tuple[np.ndarray, np.ndarray]]
    facts: Facts


def held(given: Mapping[str, Any], name: str, notes: tuple[str, ...] = ()) -> Held:
    """Both splits and their facts, everything checked.

    Args:
        given: `train` and `test`, each a pair (images, labels) or a `Dataset` of such pairs, and
            any of `SETTINGS`.
        name: What to call the data in errors.
        notes: What is to be said of them already.

    Raises:
        SparsetoolError: Something is no image, no label or no such setting, or does not fit.
    """
    last = given.get("channels_last")
    if not (last is None or _numbers.is_bool(last)):
        raise SparsetoolError(f"{name}: channels_last is {last!r}; wanted True or False")
    parts, turned = {}, False
    for split in SPLITS:
        images, labels = _pair(given[split], f"{name}: {split}")
        images, last_here = _images(images, f"{name}: {split}", last)
        turned = turned or last_here
        parts[split] = images, _labels(labels, len(images), f"{name}: {split}")
    if turned:
        notes = (*notes, "the data's channels are last: each image was turned to channels first")
    facts = _facts(given, parts, name, notes)
    _check_parts(facts, parts, name)
    return Held(parts, facts)


def _pair(part: Any, what: str) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    try:
        if not isinstance(part, tuple | list):
            pairs = [part[index] for index in range(len(part))]
            part = (
                np.stack([np.asarray(pair[0]) for pair in pairs]),
                np.array([int(pair[1]) for pair in pairs]),
            )
    except Exception as error:  # somebody's own Dataset may fail in any way
        raise SparsetoolError(
            f"{what} is neither a pair (images, labels) nor a Dataset of such pairs: {error}"
        ) from None
    if len(part) != 2:
        raise SparsetoolError(f"{what} must be a pair (images, labels), not {len(part)} things")
    try:
        images, labels = (np.asarray(array) for array in part)
    except Exception as error:  # tensors that numpy has no type for, lists of uneven length
        first = str(error).splitlines()[0]
        raise SparsetoolError(f"{what} holds what is no array of numbers: {first}") from None
    return images, labels


def _images(images: np.ndarray, what: str, last: bool | None) -> tuple[np.ndarray, bool]:
    """Images [N, C, H, W], and whether their channels were last."""
    import numpy as np

    if images.ndim not in (2, 3, 4) or not images.size:
        raise SparsetoolError(
            f"{what} has images of shape {list(images.shape)}, wanted [N, C, H, W], [N, H, W, C], "
            "[N, H, W] or [N, D]"
        )
    turned = images.ndim == 4 and (_channels_last(images.shape, what) if last is None else last)
    if turned:
        images = np.ascontiguousarray(np.moveaxis(images, 3, 1))
    shape = {2: (1, 1), 3: (1,), 4: ()}[images.ndim]
    images = images.reshape(len(images), *shape, *images.shape[1:])
    if images.dtype == np.uint8:
        return images, turned
    with np.errstate(over="ignore"):  # what is too large for float32 is infinite
        floats = images.astype(np.float32) if images.dtype.kind == "f" else None
    if floats is None or not np.isfinite(floats).all():
        raise SparsetoolError(
            f"{what} has images that are neither uint8 nor finite floats of 32 bits "
            f"({images.dtype})"
        )
    return floats, turned


def _channels_last(shape: tuple[int, ...], what: str) -> bool:
    """Whether images [N, ?, ?, ?] have one or three channels, and these last."""
    _, first, middle, end = shape
    if first in CHANNELS:
        return False
    if end in CHANNELS and middle > 1:
        return True
    if end < first == middle and end in (2, 4):
        raise SparsetoolError(
            f"{what} has images of shape {list(shape)}, whose channels may be first or last: "
            "return a dict with channels_last=True or False, too"
        )
    return False


def _labels(labels: np.ndarray, count: int, what: str) -> np.ndarray:
    import numpy as np

    if labels.shape == (count, 1):
        labels = labels[:, 0]
    if labels.shape != (count,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise SparsetoolError(
            f"{what} has {count} images and labels of shape {list(labels.shape)} and type "
            f"{labels.dtype}; wanted one whole number from 0 for each"
        )
    return labels.astype(np.int64)


def _facts(
    given: Mapping[str, Any],
    parts: Mapping[str, tuple[np.ndarray, np.ndarray]],
    name: str,
    notes: tuple[str, ...],
) -> Facts:
    images, labels = parts["train"]
    _, channels, height, width = images.shape
    mean, std = _moments(images)
    most = 1.0 if images.dtype.kind == "u" else math.inf
    held = {key: value for key, value in given.items() if value is not None}
    flip = held.get("flip", False)
    if not _numbers.is_bool(flip):
        raise SparsetoolError(f"{name}: flip is {flip!r}; wanted True or False")
    recipe = {
        key: _numbers.whole(held[key], f"{name}: {key}", 1)
        if key in ("epochs", "batch_size")
        else _numbers.real(held[key], f"{name}: {key}", *LIMITS[key])
        for key in DEFAULTS
        if key in held
    }
    classes = int(labels.max()) + 1
    return Facts(
        classes=_numbers.whole(held.get("classes", classes), f"{name}: classes", 1, MOST_CLASSES),
        input=(channels, height, width),
        mean=_numbers.channels(held.get("mean", mean), f"{name}: mean", channels, -most, most),
        std=_numbers.channels(
            held.get("std", std), f"{name}: std", channels, 0.0, most, above=True
        ),
        pad=_numbers.whole(held.get("pad", 0), f"{name}: pad", 0, min(height, width)),
        flip=bool(flip),
        sizes={split: len(parts[split][1]) for split in SPLITS},
        recipe={**RECIPE, **recipe},
        notes=notes,
    )


def _moments(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of each channel, as fractions of the full range; 0 and 1 for floats."""
    import numpy as np

    channels = images.shape[1]
    if images.dtype != np.uint8:
        return np.zeros(channels), np.ones(channels)
    counts = [np.bincount(images[:, c].reshape(-1), minlength=256) for c in range(channels)]
    levels = np.arange(256) / 255.0
    mean = np.array([levels @ count / count.sum() for count in counts])
    square = np.array([levels**2 @ count / count.sum() for count in counts])
    return mean, np.sqrt(np.maximum(square - mean**2, 1e-12))


def _check_parts(
    facts: Facts, parts: Mapping[str, tuple[np.ndarray, np.ndarray]], name: str
) -> None:
    """Refuse parts that do not fit together."""
    for split in SPLITS:
        images, labels = parts[split]
        if tuple(images.shape[1:]) != facts.input:
            raise SparsetoolError(
                f"{name}: {split} images are {list(images.shape[1:])}, not {list(facts.input)}"
            )
        if labels.max() >= facts.classes:
            raise SparsetoolError(f"{name}: {split} has label {labels.max()} of {facts.classes}")
    one, two = (parts[split][0].dtype for split in SPLITS)
    if one != two:
        raise SparsetoolError(
            f"{name}: train images are {one}, test images {two}; wanted one type (uint8 images "
            "are normalised, floats are used as they are)"
        )


def digest_of(parts: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """SHA-256 over types, shapes and values."""
    import hashlib

    digest = hashlib.sha256()
    for split in SPLITS:
        for array in parts[split]:
            digest.update(f"{split}\0{array.dtype}\0{array.shape}\0".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()
