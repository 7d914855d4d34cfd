"""Which of the things that a pickle holds are the weights."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..errors import SparsetoolError
from .found import Contents, Found, plain, some
from .pickles import DAMAGE, Thing
from .rebuilding import settled
from .torch_files import Loaded

# Where people keep the weights in a checkpoint, the most usual first.
NESTS = ("state_dict", "model_state_dict", "model", "net", "weights", "params", "module")
MASKS = ("mask", "masks")
DEPTH = 6  # of dictionaries and lists in one another
MOST = 1000  # places with tensors
LOAD = "import torch; c = torch.load('{}', weights_only=False); torch.save(c{}, 'weights.pt')"
Dicts = dict[str, dict[str, Found]]


def chosen(loaded: Loaded, name: str, take: str | None) -> Contents:
    """The state dict of a checkpoint.

    Args:
        loaded: What the file describes.
        name: What to call it in errors.
        take: Where in the file, with dots between keys; by default the usual places.

    Raises:
        SparsetoolError: There is none, or not there; or other code would have to run to read it.
    """
    listed: list[str] = []
    try:
        found = {"": _flat(loaded.held)} if loaded.script else _state_dicts(loaded.held, listed)
    except DAMAGE as error:
        raise SparsetoolError(f"{name} is damaged: {plain(error)}") from None
    _refuse_code(loaded, found, name)
    if take is not None:
        if take not in found:
            raise SparsetoolError(
                f"{name} has no '{plain(take)}' with tensors; it has {_all(found)}"
            )
        return Contents(found[take], [])
    where = _usual(found)
    if where is None:
        raise SparsetoolError(
            f"{name} holds no tensors by name, but {_kind(loaded.held)}: "
            "save a state_dict, by torch.save(module.state_dict(), FILE)"
        )
    contents = Contents(dict(found[where]))
    others = {
        key: held
        for key, held in found.items()
        if key not in (where, "") and any(len(array.shape) > 1 for array in held.values())
    }
    masks = {key: others.pop(key) for key in _masks(others)}
    for key, held in masks.items():
        _add(contents, key, held, name)
    if others:
        contents.said.append(
            f"took {_place(where)} ({len(found[where])} tensors); the file also holds "
            f"{_all(others)}: --take KEY chooses"
        )
    if listed:
        contents.said.append(f"left out {some(listed)}: lists of masks without names")
    return contents


def _masks(found: Dicts) -> list[str]:
    """Places of masks beside the weights: `mask` or `masks`, else what has the word in its name."""
    usual = [key for key in found if key.rpartition(".")[2] in MASKS]
    return usual or [key for key in found if _of_masks(key)]


def _of_masks(key: str) -> bool:
    words = re.split(r"[\W_]+", key.rpartition(".")[2].lower())
    return any(word in MASKS for word in words)


def _add(contents: Contents, place: str, held: dict[str, Found], name: str) -> None:
    """Put the masks of one place beside the weights.

    Raises:
        SparsetoolError: There is another mask of that name.
    """
    made = {f"{key.removesuffix('_mask')}_mask": mask for key, mask in held.items()}
    twice = [
        key
        for key, mask in made.items()
        if key in contents.entries and not _equal(mask, contents.entries[key])
    ]
    if twice:
        raise SparsetoolError(
            f"{name}: {some(twice)} has a mask in '{plain(place)}' and another elsewhere in the "
            "file: save the weights with one set of masks"
        )
    contents.entries |= made
    contents.said.append(f"took the masks of '{plain(place)}'")


def _equal(mask: Found, other: Found) -> bool:
    both = isinstance(mask, np.ndarray) and isinstance(other, np.ndarray)
    return both and np.array_equal(mask, other)  # type: ignore[arg-type]


def _place(where: str) -> str:
    return f"'{plain(where)}'" if where else "the tensors at the top of the file"


def _all(found: Dicts) -> str:
    return some((_place(key) for key in found), 6) if found else "none"


def _kind(held: Any) -> str:
    if isinstance(held, dict):
        return f"a dictionary with the keys {some(held, 5)}" if held else "an empty dictionary"
    return f"a {plain(held.name) if isinstance(held, Thing) else type(held).__name__}"


def _usual(found: Dicts) -> str | None:
    """The place that is taken where none is named."""
    names = [key for key in found if key and not _of_masks(key)]
    top = found.get("", {})
    nest = next(
        (key for nest in NESTS for key in names if nest in (key, key.rpartition(".")[2])), None
    )
    if any(len(array.shape) > 1 for array in top.values()):
        # Beside a state dict there may be other tensors, such as a matrix of confusions.
        return "" if nest is None or len(found[nest]) < len(top) else nest
    return nest or max(names or list(found), key=lambda key: len(found[key]), default=None)


def _state_dicts(held: Any, listed: list[str]) -> Dicts:
    """Every dictionary with tensors in it, by its place in the file.

    Args:
        held: What the file describes.
        listed: Takes the places of lists of masks, which have no names.

    Raises:
        ValueError: Its tensors stand under keys that are no names.
    """
    found: Dicts = {}
    nameless = None
    walked: set[int] = set()  # what holds no tensors is walked once, wherever it stands
    level = [("", held)] if isinstance(held, dict | list | tuple) else []
    for _ in range(DEPTH):
        below: list[tuple[str, Any]] = []
        for place, part in level:
            if id(part) in walked or len(found) >= MOST:
                continue
            named = isinstance(part, dict)
            items = part.items() if isinstance(part, dict) else enumerate(part)
            tensors = {}
            for key, value in items:
                made = settled(value)
                if made is None:
                    if not isinstance(value, dict | list | tuple) or "optim" in str(key):
                        continue
                    if isinstance(key, str) or not named:  # by numbers are states of optimizers
                        below.append((f"{place}.{key}" if place else str(key), value))
                elif named and isinstance(key, str):
                    tensors[key] = made
                elif named:
                    nameless = f"a tensor under the key {key!r}, which is no name"
                elif _of_masks(place) and place not in listed:
                    listed.append(place)
            if tensors:
                found[place] = tensors
            else:
                walked.add(id(part))
        level = below
    if nameless and not found:
        raise ValueError(nameless)
    return found


def _flat(held: Any) -> dict[str, Found]:
    """Parameters and buffers of a TorchScript module, by their names in the tree."""
    found: dict[str, Found] = {}
    todo: list[tuple[str, Any]] = [("", held)]
    seen: set[int] = set()
    while todo:
        prefix, part = todo.pop()
        state = part.state if isinstance(part, Thing) else None
        if not isinstance(state, dict) or id(part) in seen:
            continue
        seen.add(id(part))
        inner = []
        for key, value in state.items():
            made = settled(value)
            if made is not None:
                found[f"{prefix}{key}"] = made
            elif isinstance(value, Thing):
                inner.append((f"{prefix}{key}.", value))
        todo += inner[::-1]
    return found


def _refuse_code(loaded: Loaded, found: Dicts, name: str) -> None:
    """Refuse what only code could open, with the line to type where that code is."""
    if isinstance(loaded.held, Thing) and not loaded.script:
        line = LOAD.format(plain(name), ".state_dict()")
        raise SparsetoolError(
            f"{name} holds a whole pickled object, {plain(loaded.held.name)}, which only its own "
            f'code can open, and nothing of it was run: where it was made, type python -c "{line}"'
        )
    if not loaded.strange:
        return
    key = _usual(found)
    modules = [] if not isinstance(loaded.held, dict) else [
        key for key, value in loaded.held.items() if isinstance(value, Thing) and value.state
        and isinstance(value.state, dict) and "_parameters" in value.state
    ]  # fmt: skip
    if modules:
        taken = f"[{plain(modules[0])!r}].state_dict()"
        what = f"a whole pickled module under '{plain(modules[0])}'"
    else:
        taken = "".join(f"[{part!r}]" for part in key.split(".")) if key else ""
        what = "objects beside numbers"
    raise SparsetoolError(
        f"{name} holds {what}: {some(loaded.strange)}. Nothing of it was run; where it was made, "
        f'type python -c "{LOAD.format(plain(name), taken)}" and import weights.pt'
    )
