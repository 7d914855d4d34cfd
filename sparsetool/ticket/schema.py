"""What a ticket's header and metadata must look like: one check, before anything is used.

Here are the header and the facts of birth; `records` checks the lineage and `graph` the graph.
Whatever is wrong is a `ValueError` whose message says where, what was found and what was wanted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .json_text import shown

MOST_DIMENSIONS = 16
LARGEST = 2**62  # bytes and elements: sums of a few still fit 64 bits
LONGEST_NAME = 1000
MOST_CLASSES = 10_000_000
MOST_PIXELS = 2**31

Shapes = Mapping[str, tuple[int, ...]]


def wrong(where: str, found: Any, wanted: str) -> ValueError:
    """What is wrong, in one line."""
    return ValueError(f"{where} is {shown(found)}, not {wanted}")


def is_count(value: Any, least: int = 0, most: int = LARGEST) -> bool:
    """Whether a value is a whole number within limits (`true` is none)."""
    return type(value) is int and least <= value <= most


def is_name(value: Any) -> bool:
    """Whether a value can name something: text, neither empty nor endless."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def is_number(value: Any) -> bool:
    """Whether a value is a number (`true` is none); all that were parsed are finite."""
    return type(value) in (int, float)


# -- header --------------------------------------------------------------------------------------


def check_header(header: Any, sizes: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, str]]:
    """The entries by tensor name, and the metadata, of a safetensors header.

    Args:
        header: What was parsed.
        sizes: Bytes of an element by the type's name.

    Raises:
        KeyError: A type that is not in `sizes`.
        ValueError: It is no such header, or its tensors overlap or leave gaps.
    """
    if not isinstance(header, dict):
        raise wrong("it", header, "an object")
    entries = dict(header)
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise wrong("__metadata__", metadata, "an object of texts")
    for name, entry in entries.items():
        _check_entry(name, entry, sizes)
    end = 0
    for name, entry in sorted(entries.items(), key=lambda item: item[1]["data_offsets"]):
        begin, after = entry["data_offsets"]
        if begin != end:
            kind = "overlaps what is before it" if begin < end else "leaves a gap before it"
            raise ValueError(f"tensor {shown(name)} {kind}: it begins at {begin}, not at {end}")
        end = after
    return entries, metadata


def _check_entry(name: str, entry: Any, sizes: Mapping[str, int]) -> None:
    what = f"tensor {shown(name)}"
    if not is_name(name):
        raise ValueError(f"the name of a tensor has {len(name)} characters")
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise wrong(what, entry, "an object of dtype, shape and data_offsets")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str):
        raise wrong(f"the type of {what}", dtype, "a type's name")
    if not isinstance(shape, list) or not all(map(is_count, shape)):
        raise wrong(f"the shape of {what}", shape, "a list of whole numbers")
    if len(shape) > MOST_DIMENSIONS:
        raise ValueError(f"{what} has {len(shape)} dimensions, more than {MOST_DIMENSIONS}")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(map(is_count, offsets)):
        raise wrong(f"the place of {what}", offsets, "two whole numbers")
    if math.prod(size or 1 for size in shape) > LARGEST // 8:
        raise wrong(f"the shape of {what}", shape, "one that fits into memory")
    needed = math.prod(shape) * sizes[dtype]
    if offsets[1] - offsets[0] != needed:
        raise ValueError(
            f"{what} has {offsets[1] - offsets[0]} bytes, but its shape needs {needed}"
        )


# -- facts of birth ------------------------------------------------------------------------------


def check_facts(facts: Mapping[str, Any]) -> None:
    """Check everything in the metadata but the graph and the lineage.

    Raises:
        ValueError: A fact is missing, or is not what it must be.
    """
    for key in ("model", "data"):
        if not is_name(facts[key]):
            raise wrong(f"'{key}'", facts[key], "a name")
    if facts["kind"] not in ("ticket", "mask"):
        raise wrong("'kind'", facts["kind"], "ticket or mask")
    if not is_count(facts["classes"], 1, MOST_CLASSES):
        raise wrong("'classes'", facts["classes"], "a number of classes")
    shape = facts["input"]
    lengths = (1, 3)
    known = isinstance(shape, list) and len(shape) in lengths
    if not known or not all(is_count(s, 1) for s in shape):
        raise wrong("'input'", shape, "channels, height and width, or tokens")
    if math.prod(shape) > MOST_PIXELS:
        raise wrong("'input'", shape, "an example that fits into memory")
    if type(facts["seed"]) is not int:
        raise wrong("'seed'", facts["seed"], "a whole number")
    for key in ("prunable", "buffers"):
        names = facts[key]
        if not isinstance(names, list) or not all(map(is_name, names)):
            raise wrong(f"'{key}'", names, "a list of names")
        if len(set(names)) < len(names):
            raise ValueError(f"'{key}' names one tensor twice")
    both = set(facts["prunable"]) & set(facts["buffers"])
    if both:
        raise ValueError(f"{shown(min(both))} is both prunable and a buffer")
