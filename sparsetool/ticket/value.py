"""The ticket: weights, masks, facts and lineage, as numpy arrays.

A ticket never changes; a verb derives a new one with one more record in its lineage. The lineage
is a list of records in topological order. Each record names its inputs by digest; a record that is
not the last carries the digest of the ticket that it made, which is how others name it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from .. import files
from ..errors import BrokenPromise
from .checks import SCHEMA, SUFFIX, decode, off_mask, selected
from .description import as_html, described
from .format import Buffer, canonical_json, checksum, chunks
from .lineage import UNDIGESTED, Record, main_line, recorded

if TYPE_CHECKING:
    import os

    import torch


@dataclass(frozen=True, eq=False)
class Ticket:
    """A network at one moment of its life.

    Attributes:
        weights: Every entry of the model's `state_dict()` by name (empty for kind `mask`).
        masks: For each masked parameter its mask, bool, the parameter's shape, true = kept;
            empty for a dense ticket.
        meta: Facts of birth: `model` (its name, with argument), `classes`, `input` ([channels,
            height, width]), `data` (name of the data set), `seed`, `prunable` (names in model
            order), `buffers` (names of weights that are no parameters), `graph`; where it was
            imported so, `normalize` (`mean` and `std` for its images) and `order` (of its tensors).
        lineage: Records of the steps that made it, oldest first.
        kind: `ticket`, or `mask` for masks alone.
    """

    weights: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray]
    meta: Mapping[str, Any]
    lineage: tuple[Record, ...] = ()
    kind: str = "ticket"

    # -- facts -------------------------------------------------------------------------------

    @property
    def prunable(self) -> tuple[str, ...]:
        """Names of the prunable weights, in model order."""
        return tuple(self.meta["prunable"])

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each prunable weight by name, in model order."""
        held = self.weights if self.kind == "ticket" else self.masks
        return {name: tuple(held[name].shape) for name in self.prunable}

    @cached_property
    def kept_by_layer(self) -> dict[str, int]:
        """Kept weights of each prunable layer, by name."""
        return {
            name: int(np.count_nonzero(self.masks[name]))
            if name in self.masks
            else int(np.prod(shape, dtype=np.int64))
            for name, shape in self.shapes.items()
        }

    @property
    def kept(self) -> int:
        """Prunable weights that the mask keeps."""
        return sum(self.kept_by_layer.values())

    @property
    def total(self) -> int:
        """Prunable weights in all."""
        return sum(int(np.prod(shape, dtype=np.int64)) for shape in self.shapes.values())

    @property
    def sparsity(self) -> float:
        """Fraction of prunable weights that the mask removes, 0 to 1."""
        return 1.0 - self.kept / self.total if self.total else 0.0

    @property
    def seed(self) -> int:
        """The seed of its birth, which every verb's `--seed` defaults to."""
        return int(self.meta["seed"])

    @property
    def main_line(self) -> list[Record]:
        """The records that made these weights, oldest first: follow each `ticket` input."""
        return main_line(self.lineage)

    @property
    def epochs(self) -> int:
        """Epochs trained along the main line (rewinding does not reset them)."""
        return sum(int(record["achieved"].get("epochs", 0)) for record in self.main_line)

    # -- bytes -------------------------------------------------------------------------------

    def _arrays(self) -> dict[str, np.ndarray]:
        return {**self.weights, **{name + SUFFIX: m for name, m in self.masks.items()}}

    def _metadata(self, lineage: Sequence[Mapping[str, Any]], **more: str) -> dict[str, str]:
        facts = {"schema": SCHEMA, "kind": self.kind, **self.meta, "lineage": list(lineage), **more}
        return {"format": "pt", "sparsetool": canonical_json(facts)}

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata of its file."""
        return self._metadata(self.lineage)

    def chunks(self) -> Iterator[bytes | memoryview]:
        """Its canonical bytes in pieces.

        Raises:
            BrokenPromise: A weight off the mask is not +0.0.
        """
        wrong = self.off_mask()
        if wrong:
            raise BrokenPromise(f"weights off the mask are not zero in {', '.join(wrong)}")
        arrays = self._arrays()
        # Beside the facts, not one of them: no digest depends on it.
        return chunks(arrays, self._metadata(self.lineage, checksum=checksum(arrays)))

    def to_bytes(self) -> bytes:
        """Its canonical bytes."""
        return b"".join(self.chunks())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to `path`: beside it first, then renamed, so that nobody sees half a file."""
        files.write(path, self.chunks())

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of its canonical bytes without versions, devices and figures."""
        bare = tuple(
            {key: value for key, value in record.items() if key not in UNDIGESTED}
            for record in self.lineage
        )
        digest = hashlib.sha256()
        for chunk in chunks(self._arrays(), self._metadata(bare)):
            digest.update(chunk)
        return digest.hexdigest()

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Buffer | BinaryIO, name: str = "") -> Ticket:
        """Read a ticket from a path, from its bytes or from a stream.

        Args:
            source: A path (regular files are mapped), the bytes, or an open binary file.
            name: What to call it in errors; by default the path.

        Raises:
            SparsetoolError: It cannot be read, or is no whole and sound ticket.
        """
        if isinstance(source, bytes | bytearray | memoryview):
            parts = decode(memoryview(source), name or "the input")
        elif hasattr(source, "read"):
            parts = decode(memoryview(source.read()), name or "the stream")
        else:
            parts = decode(files.open_file(source), name or str(source))
        return cls(**vars(parts))

    def off_mask(self) -> list[str]:
        """Names of masked weights that are not +0.0, bit for bit, somewhere off the mask."""
        return off_mask(self.weights, self.masks)

    # -- new tickets -------------------------------------------------------------------------

    def derive(
        self,
        verb: str,
        options: Mapping[str, Any],
        *,
        seed: int | None = None,
        inputs: Mapping[str, Ticket] | None = None,
        weights: Mapping[str, np.ndarray] | None = None,
        masks: Mapping[str, np.ndarray] | None = None,
        kind: str = "ticket",
        achieved: Mapping[str, Any] | None = None,
        **rest: Any,
    ) -> Ticket:
        """The ticket after one more step, with that step's record.

        Args:
            verb: Name of the verb.
            options: Result options (those that can change weights or masks); None and False are
                left out, so that an option not given is not recorded.
            seed: The seed used; by default the ticket's.
            inputs: Other tickets used, by role (`from`, `to`); this one has the role `ticket`.
            weights: New weights by name; those not named stay.
            masks: All new masks; by default they stay.
            kind: `mask` to leave the weights out.
            achieved: What the step achieved besides the counts of kept and prunable weights.
            rest: Further fields of the record: `figures`, `device`, `precision`, `threads`,
                `versions` (added to numpy's and our own).
        """
        others = dict(inputs or {})
        new = replace(
            self,
            weights=selected({**self.weights, **(weights or {})}, masks or self.masks)
            if kind == "ticket"
            else {},
            masks=self.masks if masks is None else masks,
            kind=kind,
        )
        counts = {"kept": new.kept, "prunable": new.total}
        record = {
            "verb": verb,
            "options": recorded(options),
            "seed": self.seed if seed is None else int(seed),
            "inputs": {role: t.digest for role, t in {"ticket": self, **others}.items()},
            "achieved": {**counts, **(achieved or {})},
            **rest,
        }
        record["versions"] = {**versions(), **rest.get("versions", {})}
        return replace(new, lineage=(*history(self, *others.values()), cast(Record, record)))

    def model(self) -> torch.nn.Module:
        """A torch module that holds these (masked) weights, in evaluation mode.

        In your own loop its pruned weights stay zero, whatever optimiser steps.
        """
        from ..networks.build import to_module

        return to_module(self, guarded=True)

    def with_weights(self, module: torch.nn.Module) -> Ticket:
        """The ticket after your own loop trained `ticket.model()`: `module`'s weights, same mask.

        Raises:
            SparsetoolError: It is another network, a pruned weight is not zero, or one not finite.
        """
        from ..networks.build import weights_after

        return self.derive("own-training", {}, weights=weights_after(self, module))

    def __repr__(self) -> str:
        text = described(self.meta, self.kept, self.total, self.main_line)
        return f"<{'Ticket' if self.kind == 'ticket' else 'Masks'} of {text}>"

    def _repr_html_(self) -> str:
        return as_html(self.meta, self.kept, self.total, self.main_line)


def versions() -> dict[str, str]:
    """Versions of the libraries every verb uses; never part of a digest."""
    from .. import __version__

    return {"sparsetool": __version__, "numpy": np.__version__}


def history(*tickets: Ticket) -> list[Record]:
    """All records of these tickets, each once, parents before children."""
    records: dict[str, Record] = {}
    for ticket in tickets:
        for record in ticket.lineage[:-1]:
            records.setdefault(record["digest"], record)
        if ticket.lineage:
            records.setdefault(ticket.digest, {**ticket.lineage[-1], "digest": ticket.digest})
    return list(records.values())
