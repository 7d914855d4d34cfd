"""Your own data: FILE.py:FUNCTION, a function that returns tensors or torch data sets.

    def digits():
        return (train_images, train_labels), (test_images, test_labels)

FUNCTION takes nothing and returns the pair (train, test), or a dict with `train` and `test` and,
where wanted, `classes`, `mean`, `std`, `pad`, `flip` and training defaults (`epochs`, `lr`,
`momentum`, `weight_decay`, `batch_size`). Each part is a pair (images, labels) of tensors or
arrays, or a `torch.utils.data.Dataset` of such pairs, which is read through once, so leave random
augmentation to `pad` and `flip`. Images are [N, C, H, W], [N, H, W], or vectors [N, D]: uint8,
normalised by `mean` and `std` (by default those of the training part), or float, used as they are.

The code is run only where the command line names it, never because a ticket does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import SparsetoolError, UsageError
from ...plugins.datasets import CIFAR_RECIPE, Facts

if TYPE_CHECKING:
    import numpy as np

ARGUMENT = "FILE.py:FUNCTION"
OPTION = "--data"
DEFAULTS = ("epochs", "lr", "momentum", "weight_decay", "batch_size")
KNOWN = ("train", "test", "classes", "mean", "std", "pad", "flip", *DEFAULTS)
RECIPE: Mapping[str, Any] = {**CIFAR_RECIPE, "epochs": 30, "batch_size": 128}


def place(argument: str | None, root: Path) -> str:
    """The name as it is: where a file of code lies, the process that was told to run it knows."""
    return _wanted(argument)


def recorded(argument: str | None, root: Path) -> str:
    """The name by which tickets record it."""
    from ...plugins import own_code

    return own_code.recorded_name(_wanted(argument))


def _wanted(argument: str | None) -> str:
    if not argument:
        raise UsageError(f"your own data are named {ARGUMENT}")
    return argument


def facts(argument: str | None) -> Facts:
    """Its facts, as the function's data say.

    Raises:
        SparsetoolError: The code was not named on the command line, fails, or returns what is no
            data.
    """
    held = _called(_wanted(argument))
    images, labels = held["train"]
    mean, std = _moments(images)
    facts = Facts(
        classes=int(held.get("classes", int(labels.max()) + 1)),
        input=(int(images.shape[1]), int(images.shape[2]), int(images.shape[3])),
        mean=tuple(float(value) for value in held.get("mean", mean)),
        std=tuple(float(value) for value in held.get("std", std)),
        pad=int(held.get("pad", 0)),
        flip=bool(held.get("flip", False)),
        sizes={split: len(held[split][1]) for split in ("train", "test")},
        recipe={**RECIPE, **{key: held[key] for key in DEFAULTS if key in held}},
    )
    _check(facts, held, _wanted(argument))
    return facts


def load(argument: str | None, root: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 or float32 [N, C, H, W] and labels int64 [N] of `split`."""
    images, labels = _called(_wanted(argument))[split]
    return images, labels


def fingerprint(argument: str | None, root: Path) -> str:
    """SHA-256 over types, shapes and values of what the function returned."""
    held, digest = _called(_wanted(argument)), hashlib.sha256()
    for split in ("train", "test"):
        for array in held[split]:
            digest.update(f"{split}\0{array.dtype}\0{array.shape}\0".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _called(argument: str) -> dict[str, Any]:
    """What the function returned, its parts as arrays."""
    from ...plugins import own_code

    name = argument.partition(own_code.MARK)[0]
    given = own_code.call(own_code.function(argument, OPTION), name)
    if isinstance(given, tuple | list) and len(given) == 2:
        given = {"train": given[0], "test": given[1]}
    if not isinstance(given, Mapping) or not {"train", "test"} <= set(given):
        raise SparsetoolError(f"{name} must return (train, test) or a dict with both")
    if unknown := sorted(set(map(str, given)) - set(KNOWN)):
        raise SparsetoolError(f"{name} returns '{unknown[0]}'; known are {', '.join(KNOWN)}")
    return {**given, **{key: _part(given[key], f"{name}: {key}") for key in ("train", "test")}}


def _part(part: Any, what: str) -> tuple[np.ndarray, np.ndarray]:
    """A pair (images, labels), or a Dataset of such pairs, as arrays."""
    import numpy as np

    if not isinstance(part, tuple | list):
        try:
            pairs = [part[index] for index in range(len(part))]
            part = (
                np.stack([np.asarray(pair[0]) for pair in pairs]),
                np.array([int(pair[1]) for pair in pairs]),
            )
        except (TypeError, ValueError, KeyError, IndexError) as error:
            raise SparsetoolError(
                f"{what} is neither a pair (images, labels) nor a Dataset of such pairs: {error}"
            ) from None
    if len(part) != 2:
        raise SparsetoolError(f"{what} must be a pair (images, labels), not {len(part)} things")
    images, labels = (np.asarray(array) for array in part)
    return _images(images, what), _labels(labels, len(images), what)


def _images(images: np.ndarray, what: str) -> np.ndarray:
    import numpy as np

    if images.ndim not in (2, 3, 4) or not images.size:
        raise SparsetoolError(
            f"{what} has images of shape {list(images.shape)}, wanted [N, C, H, W], [N, H, W] "
            "or [N, D]"
        )
    shape = {2: (1, 1), 3: (1,), 4: ()}[images.ndim]
    images = images.reshape(len(images), *shape, *images.shape[1:])
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind != "f" or not np.isfinite(images).all():
        raise SparsetoolError(f"{what} has images that are neither uint8 nor finite floats")
    return images.astype(np.float32)


def _labels(labels: np.ndarray, count: int, what: str) -> np.ndarray:
    import numpy as np

    if labels.shape != (count,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise SparsetoolError(
            f"{what} has {count} images and labels of shape {list(labels.shape)} and type "
            f"{labels.dtype}; wanted one whole number from 0 for each"
        )
    return labels.astype(np.int64)


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


def _check(facts: Facts, held: Mapping[str, Any], name: str) -> None:
    """Refuse parts that do not fit together."""
    for split in ("train", "test"):
        images, labels = held[split]
        if tuple(images.shape[1:]) != facts.input:
            raise SparsetoolError(
                f"{name}: {split} images are {list(images.shape[1:])}, not {list(facts.input)}"
            )
        if labels.max() >= facts.classes:
            raise SparsetoolError(f"{name}: {split} has label {labels.max()} of {facts.classes}")
    if not len(facts.mean) == len(facts.std) == facts.input[0]:
        raise SparsetoolError(f"{name}: mean and std must have {facts.input[0]} values each")
