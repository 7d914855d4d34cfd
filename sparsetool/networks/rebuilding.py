"""What is done by hand for the functions that pickles of torch and numpy name.

Each function here takes what torch's or numpy's own would, and gives arrays, which are views of
the file; a tensor that no array can be becomes `Odd`. In files of the older form the bytes of a
storage come after the pickle, so a tensor is `Waiting` until `settled` makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .found import SMALL, Found, Odd, Sparse, of_rows, strided
from .pickles import Name

DTYPES: dict[str, np.dtype] = {
    **{
        n: np.dtype(n) for n in ("float64", "float32", "float16", "int64", "int32", "int16", "int8")
    },
    **{n: np.dtype(n) for n in ("uint8", "uint16", "uint32", "uint64", "complex64", "complex128")},
    "bool": np.dtype(bool),
    "bfloat16": SMALL["BF16"],
    "float8_e4m3fn": SMALL["F8_E4M3"],
    "float8_e5m2": SMALL["F8_E5M2"],
    "float8_e4m3fnuz": SMALL["F8_E4M3FNUZ"],
    "float8_e5m2fnuz": SMALL["F8_E5M2FNUZ"],
}
# Types of numpy arrays, as their pickles write them.
NUMBERS = {"b1", "f2", "f4", "f8", "c8", "c16", *(f"{k}{n}" for k in "iu" for n in (1, 2, 4, 8))}
STORAGES: dict[str, np.dtype | Odd] = {
    **{f"{t.capitalize()}Storage": Odd("quantised") for t in ("qInt8", "qInt32", "qUInt8")},
    **{f"Q{t}Storage": Odd("quantised") for t in ("Int8", "Int32", "UInt8", "UInt4x2", "UInt2x4")},
    "DoubleStorage": DTYPES["float64"],
    "FloatStorage": DTYPES["float32"],
    "HalfStorage": DTYPES["float16"],
    "BFloat16Storage": DTYPES["bfloat16"],
    "LongStorage": DTYPES["int64"],
    "IntStorage": DTYPES["int32"],
    "ShortStorage": DTYPES["int16"],
    "CharStorage": DTYPES["int8"],
    "ByteStorage": DTYPES["uint8"],
    "BoolStorage": DTYPES["bool"],
    "ComplexFloatStorage": DTYPES["complex64"],
    "ComplexDoubleStorage": DTYPES["complex128"],
    "UntypedStorage": DTYPES["uint8"],
}
TENSORS = (
    "torch.Tensor",
    "torch._tensor.Tensor",
    "torch.nn.parameter.Parameter",
    "torch.nn.parameter.Buffer",
)


@dataclass
class Storage:
    """Raw numbers; `content` is None until they are found behind the pickle."""

    content: memoryview | None
    kind: np.dtype | Odd
    numel: int


def dtype_of(kind: np.dtype | Odd) -> np.dtype:
    """The type of a storage's numbers.

    Raises:
        ValueError: It is none of ours.
    """
    if isinstance(kind, Odd):
        raise ValueError(f"a storage of type {kind.kind}")
    return kind


@dataclass
class Waiting:
    """A tensor whose storage may not be there yet."""

    make: Callable[[], Found]


def settled(found: Any) -> Found | None:
    """The tensor that a pickle described, or None where it is something else."""
    if isinstance(found, Waiting):
        return found.make()
    return found if isinstance(found, np.ndarray | Sparse | Odd) else None


def _tensor(
    storage: Any, offset: int, shape: tuple, strides: tuple, *rest: Any, dtype: Any = None
) -> Found | Waiting:
    def make() -> Found:
        if isinstance(storage.kind, Odd):
            return Odd(storage.kind.kind, shape)
        kind = storage.kind if dtype is None else DTYPES.get(dtype.text.rpartition(".")[2])
        if kind is None:
            return Odd(dtype.text, shape)
        if storage.content is None:
            raise ValueError("a tensor without storage")
        whole = storage.content[: len(storage.content) // kind.itemsize * kind.itemsize]
        flat = np.frombuffer(whole, kind) if len(whole) else np.empty(0, kind)
        return strided(flat, offset, shape, strides)

    if not isinstance(storage, Storage):
        raise ValueError("a tensor without storage")
    return Waiting(make)


def _tensor_of_type(
    storage: Any, offset: int, shape: tuple, strides: tuple, grad: Any, hooks: Any, dtype: Any,
    *rest: Any,
) -> Found | Waiting:  # fmt: skip
    return _tensor(storage, offset, shape, strides, dtype=dtype)


def _sparse(layout: Any, data: tuple) -> Waiting:
    kind = str(layout.args[0] if hasattr(layout, "args") else getattr(layout, "text", layout))

    def make() -> Found:
        if kind.endswith("sparse_coo"):
            index, values, shape = (settled(data[0]), settled(data[1]), tuple(data[2]))
            if isinstance(index, np.ndarray) and isinstance(values, np.ndarray):
                if values.ndim != 1 or index.shape != (len(shape), len(values)):
                    return Odd("partly dense sparse", shape)
                return Sparse(shape, index, values)
        starts, columns, values = (settled(part) for part in data[:3])
        shape = tuple(data[3])
        parts = (starts, columns, values)
        flat = all(isinstance(part, np.ndarray) and part.ndim == 1 for part in parts)
        if not flat or len(shape) != 2 or not kind.endswith(("sparse_csr", "sparse_csc")):
            return Odd(kind.rpartition(".")[2], shape)
        if kind.endswith("sparse_csr"):
            return of_rows(shape, *parts)  # type: ignore[arg-type]
        turned = of_rows(shape[::-1], *parts)  # type: ignore[arg-type]
        return Sparse(shape, turned.index[::-1], turned.values)

    return Waiting(make)


def _of_class(function: Any, kind: Any, arguments: tuple, *rest: Any) -> Any:
    """`torch._tensor._rebuild_from_type_v2`: a subclass of Tensor."""
    plain = isinstance(kind, Name) and kind.text in TENSORS
    if not plain or not isinstance(function, Name) or function.text not in REBUILD:
        return Odd(kind.text if isinstance(kind, Name) else "foreign")
    return REBUILD[function.text](*arguments)


class _Array:
    """A numpy array as its pickle makes it: first the object, then its state."""

    array: Found

    def take_state(self, state: tuple) -> None:
        _, shape, kind, turned, content = state
        if not isinstance(kind, _Kind):
            raise ValueError("a numpy array without a type")
        if kind.dtype is None or isinstance(content, list):
            self.array = Odd(f"numpy {kind.text}", tuple(n for n in shape if isinstance(n, int)))
            return
        raw = content.encode("latin1") if isinstance(content, str) else bytes(content)
        flat = np.frombuffer(raw, kind.dtype)
        self.array = flat.reshape(shape, order="F" if turned else "C")


class _Kind:
    """A numpy dtype as its pickle makes it; None where it is of no numbers (text, objects)."""

    def __init__(self, text: str, *_: Any) -> None:
        self.text = str(text)
        self.dtype = np.dtype(self.text) if self.text in NUMBERS else None

    def take_state(self, state: tuple) -> None:
        if self.dtype is not None and state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


def _array(*_: Any) -> Waiting:
    made = _Array()
    waiting = _Delayed(lambda: made.array)
    waiting.made = made
    return waiting


class _Delayed(Waiting):
    made: _Array

    def take_state(self, state: tuple) -> None:
        self.made.take_state(state)


def _of_buffer(content: Any, kind: Any, shape: tuple, order: str, axes: Any = None) -> Found:
    """`numpy._core.numeric._frombuffer`: an array as protocol 5 writes it."""
    if not isinstance(kind, _Kind):
        raise ValueError("a numpy array without a type")
    if kind.dtype is None:
        return Odd(f"numpy {kind.text}", tuple(n for n in shape if isinstance(n, int)))
    flat = np.frombuffer(bytes(content), kind.dtype)
    if order == "K" and axes is not None:
        return flat.reshape(shape).transpose(axes)
    return flat.reshape(shape, order="F" if order == "F" else "C")


def _scalar(kind: Any, content: Any = b"") -> Any:
    raw = content.encode("latin1") if isinstance(content, str) else content
    known_type = isinstance(kind, _Kind) and kind.dtype is not None
    return np.frombuffer(raw, kind.dtype)[0].item() if known_type else None


def _nothing(*_: Any) -> dict:
    return {}


def _pairs(pairs: Any = (), *_: Any) -> dict:
    made = {}
    for key, value in pairs if isinstance(pairs, list | tuple) else ():
        if isinstance(key, str | int):
            made[key] = value
    return made


def _odd(kind: str, at: int | None = None) -> Callable[..., Odd]:
    def make(*arguments: Any) -> Odd:
        shape = arguments[at] if at is not None and len(arguments) > at else ()
        return Odd(kind, tuple(n for n in shape if isinstance(n, int)))

    return make


def _encoded(text: Any, *_: Any) -> bytes:
    """Bytes, as protocol 2 writes them: text in Latin-1."""
    return str(text).encode("latin1")


REBUILD: dict[str, Callable[..., Any]] = {
    "_codecs.encode": _encoded,
    "torch.Size": tuple,
    "collections.OrderedDict": _pairs,
    "collections.defaultdict": _nothing,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _tensor_of_type,
    "torch._utils._rebuild_parameter": lambda tensor, *_: tensor,
    "torch._utils._rebuild_parameter_with_state": lambda tensor, *_: tensor,
    "torch._utils._rebuild_sparse_tensor": _sparse,
    "torch._utils._rebuild_sparse_csr_tensor": _sparse,
    "torch._utils._rebuild_qtensor": _odd("quantised", 2),
    "torch._utils._rebuild_meta_tensor_no_storage": _odd("meta", 1),
    "torch._utils._rebuild_nested_tensor": _odd("nested"),
    "torch._utils._rebuild_wrapper_subclass": _odd("wrapped"),
    "torch._utils._rebuild_device_tensor_from_numpy": lambda array, *_: array,
    "torch._tensor._rebuild_from_type_v2": _of_class,
    **{f"numpy.{core}.multiarray._reconstruct": _array for core in ("core", "_core")},
    **{f"numpy.{core}.multiarray.scalar": _scalar for core in ("core", "_core")},
    **{f"numpy.{core}.numeric._frombuffer": _of_buffer for core in ("core", "_core")},
    "numpy.dtype": _Kind,
}
