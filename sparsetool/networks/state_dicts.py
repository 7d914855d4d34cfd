"""Which of the things that a pickle holds are the weights."""

from __future__ import annotations

from typing import Any

from ..errors import SparsetoolError
from .found import Contents, Found, plain, some
from .pickles import DAMAGE, Thing
from .rebuilding import settled
from .torch_files import Loaded

# Where people keep the weights in a checkpoint, the most usual first.
NESTS = ("state_dict", "model_state_dict", "model", "net", "weights", "params", "module")
MASKS = ("mask", "masks")
DEPTH = 3  # of dictionaries in dictionaries
LOAD = "import torch; c = torch.load('{}', weights_only=False); torch.save(c{}, 'weights.pt')"


def chosen(loaded: Loaded, name: str, take: str | None) -> Contents:
    """The state dict of a checkpoint.

    Args:
        loaded: What the file describes.
        name: What to call it in errors.
        take: Where in the file, with dots between keys; by default the usual places.

    Raises:
        SparsetoolError: There is none, or not there; or other code would have to run to read it.
    """
    try:
        if loaded.script:
            found = {"": _flat(loaded.held)}
        else:
            found = _state_dicts(loaded.held)
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
    others = {key: held for key, held in found.items() if key not in (where, "")}
    masks = {key: others.pop(key) for key in list(others) if key.rpartition(".")[2] in MASKS}
    for key, held in masks.items():
        contents.entries |= {f"{k.removesuffix('_mask')}_mask": mask for k, mask in held.items()}
        contents.said.append(f"took the masks of '{plain(key)}'")
    if others:
        contents.said.append(
            f"took {_place(where)} ({len(found[where])} tensors); the file also holds "
            f"{_all(others)}: --take KEY chooses"
        )
    return contents


def _place(where: str) -> str:
    return f"'{plain(where)}'" if where else "the tensors at the top of the file"


def _all(found: dict[str, dict[str, Found]]) -> str:
    return some((f"'{key}'" for key in found), 6) if found else "none"


def _kind(held: Any) -> str:
    if isinstance(held, dict):
        return f"a dictionary with the keys {some(held, 5)}" if held else "an empty dictionary"
    return f"a {plain(held.name) if isinstance(held, Thing) else type(held).__name__}"


def _usual(found: dict[str, dict[str, Found]]) -> str | None:
    """The place that is taken where none is named."""
    if any(len(array.shape) > 1 for array in found.get("", {}).values()):
        return ""
    names = [key for key in found if key.rpartition(".")[2] not in MASKS] or list(found)
    for nest in NESTS:
        for key in names:
            if nest in (key, key.rpartition(".")[2]):
                return key
    return max(names, key=lambda key: len(found[key]), default=None)


def _state_dicts(held: Any) -> dict[str, dict[str, Found]]:
    """Every dictionary with tensors in it, by its place in the file."""
    found: dict[str, dict[str, Found]] = {}
    level = [("", held)]
    for _ in range(DEPTH):
        below = []
        for place, part in level:
            if not isinstance(part, dict):
                continue
            tensors = {}
            for key, value in part.items():
                made = settled(value)
                if made is not None:
                    if not isinstance(key, str):
                        raise ValueError(f"a tensor under the key {key!r}, which is no name")
                    tensors[key] = made
                elif isinstance(key, str) and isinstance(value, dict) and "optim" not in key:
                    below.append((f"{place}.{key}" if place else key, value))
            if tensors:
                found[place] = tensors
        level = below
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


def _refuse_code(loaded: Loaded, found: dict[str, dict[str, Found]], name: str) -> None:
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
