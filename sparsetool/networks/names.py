"""Which parameter of a network an entry of somebody else's file belongs to.

An entry is a weight or a mask. Weights are named as the network names them, perhaps behind the
prefixes of wrappers; masks in one of the ways that pruning tools have:

    NAME_orig, NAME_mask                            torch.nn.utils.prune
    MODULE.mask, NAME.mask                          masked layers with a buffer
    mask_NAME, with ___ or _ for dots               open_lth
    MODULE.parametrizations.weight.original, .0.mask   torch.ao.pruning, sparsimony
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Of DataParallel, torch.compile, FSDP and activation checkpointing.
WRAPPERS = ("module.", "_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module.")
PREFIXES = (*WRAPPERS, "model.")
INNER = re.compile(rf"(?<=\.)({'|'.join(map(re.escape, WRAPPERS))})")
ORIGINAL = re.compile(r"(.*\.)?parametrizations\.(\w+)\.original")
PARAMETRISED = re.compile(r"(.*\.)?parametrizations\.(\w+)\.\d+\.mask")
Translate = Callable[[str], str]


class Place(NamedTuple):
    """The parameter that an entry belongs to, by the network's name, and as what."""

    parameter: str
    mask: bool


def _as_it_is(name: str) -> str:
    return name


@dataclass
class Names:
    """The names of a network's tensors, and how a file's may differ from them.

    Attributes:
        known: First name of each tensor by every name it has (tied weights have several).
        maps: New beginning of a name by its beginning in the file, in the order given.
        translate: A peer's names in the network's words.
        matched: The beginnings in `maps` that some entry had.
    """

    known: Mapping[str, str]
    maps: Mapping[str, str] = field(default_factory=dict)
    translate: Translate = _as_it_is
    matched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._flat = {name.replace(".", "_"): name for name in self.known}

    def place(self, key: str) -> Place | None:
        """Where an entry of the file belongs; None where the network has no such tensor."""
        for stage in stages(key):
            for base, mask in self._readings(stage):
                for name in self._candidates(base):
                    found = self.known.get(name, self.known.get(self.translate(name)))
                    if found is not None:
                        return Place(found, mask)
        return None

    def of_masks(self, keys: Iterable[str]) -> dict[str, Place | None]:
        """Where entries belong if all are masks: by modules, or with _ or ___ for dots."""
        return {key: self.place(f"mask_{key}") for key in keys}

    def _readings(self, key: str) -> Iterator[tuple[str, bool]]:
        """The names of parameters that an entry may be of, and whether it is their mask."""
        yield key, False
        if key.endswith("_orig"):
            yield key.removesuffix("_orig"), False
        if found := ORIGINAL.fullmatch(key):
            yield (found[1] or "") + found[2], False
        if found := PARAMETRISED.fullmatch(key):
            yield (found[1] or "") + found[2], True
        for suffix in ("_mask", ".mask"):
            if key.endswith(suffix):
                base = key.removesuffix(suffix)
                yield base, True
                yield f"{base}.weight", True
        for prefix in ("mask_", "mask.", "masks."):
            if key.startswith(prefix):
                base = key.removeprefix(prefix)
                yield base.replace("___", "."), True
                yield self._flat.get(base, base), True
                yield f"{base}.weight", True

    def _candidates(self, base: str) -> Iterator[str]:
        """A name as it is under the maps that apply, else behind fewer and fewer prefixes."""
        mapped = []
        for old, new in self.maps.items():
            fits = [stage for stage in stages(base) if stage.startswith(old)]
            if fits:
                self.matched.add(old)
                mapped += [new + stage.removeprefix(old) for stage in fits]
                break
        for name in mapped:
            yield from stages(name)
        if not mapped:
            yield from stages(base)


def stages(key: str) -> list[str]:
    """A name behind fewer and fewer prefixes of wrappers, in any order and number.

    The last is without the wrappers of parts of the network too (`features.module.0.weight`).
    """
    found = [key]
    while True:
        prefix = next((p for p in PREFIXES if found[-1].startswith(p)), None)
        if prefix is None:
            break
        found.append(found[-1].removeprefix(prefix))
    inner = INNER.sub("", found[-1])
    return [*found, inner] if inner != found[-1] else found


def peers(keys: Iterable[str]) -> dict[str, Translate]:
    """Ways in which well-known code names the residual networks of small images, by whose it is."""
    found = (re.match(r"(?:.*[._])?blocks(?:\.|___)(\d+)", key) for key in keys)
    blocks = {int(match[1]) for match in found if match}
    each = max(1, (max(blocks, default=0) + 1) // 3)

    def kuangliu(name: str) -> str:
        return re.sub(r"^linear\.", "fc.", name).replace(".shortcut.", ".downsample.")

    def open_lth(name: str) -> str:
        def block(found: re.Match) -> str:
            stage, at = divmod(int(found[1]), each)
            return f"layer{stage + 1}.{at}."

        name = re.sub(r"^blocks\.(\d+)\.", block, name)
        name = re.sub(r"^(conv|bn)\.", r"\g<1>1.", name)
        return name.replace(".shortcut.", ".downsample.")

    return {"kuangliu/pytorch-cifar": kuangliu, "open_lth": open_lth}


def nearest_map(
    missing: Mapping[str, tuple[int, ...]], spare: Mapping[str, tuple[int, ...]]
) -> str | None:
    """The `OLD=NEW` that names most of what is missing, among entries of the same shape.

    Args:
        missing: Shapes of the network's tensors that the file lacks, by name.
        spare: Shapes of the file's entries that the network lacks, by name.

    Example:
        >>> nearest_map({"fc.weight": (10, 64)}, {"head.1.weight": (10, 64), "x.bias": (3,)})
        'head.1.=fc.'
    """
    votes: dict[tuple[str, str], int] = {}
    for name, shape in missing.items():
        for key, other in spare.items():
            if shape == other:
                pair = _beginnings(stages(key)[-1], name)
                if pair is not None:
                    votes[pair] = votes.get(pair, 0) + 1
    if not votes:
        return None
    old, new = max(votes, key=lambda pair: votes[pair])
    return f"{old}={new}"


def _beginnings(key: str, name: str) -> tuple[str, str] | None:
    """What differs before the longest common end, in whole parts."""
    theirs, ours = key.split("."), name.split(".")
    common = 0
    while common < min(len(theirs), len(ours)) and theirs[-1 - common] == ours[-1 - common]:
        common += 1
    if not common:
        return None
    return _joined(theirs[: len(theirs) - common]), _joined(ours[: len(ours) - common])


def _joined(parts: Sequence[str]) -> str:
    return ".".join(parts) + "." if parts else ""
