"""Images in blocks of sixteen examples, as sparse products want them.

A blocked tensor is one [B, C, H, W] to torch; its memory is [N, H, W, C, 16]: N blocks of sixteen
examples, side by side for every channel of every pixel, the last block filled up with zeros. What
works number by number keeps this layout; anything else gets the images turned, channels-last.

Batch norm, an addition after it and a ReLU after both become one pass, see `memory`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.utils._pytree import tree_map_only

from . import compiling
from .around import After
from .memory import Memory, Normal, Rectified, Sum, in_blocks
from .ways import WIDTH

_aten = torch.ops.aten


class Blocked(Tensor):
    """Images [B, C, H, W] whose memory is [N, H, W, C, 16].

    Attributes:
        memory: Their numbers.
        turned: The same channels-last, once they were asked for so.
        version: What torch counts writings to them by, then.
    """

    memory: Memory
    turned: Tensor | None = None
    version: int = 0
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(cls, memory: Memory, batch: int) -> Blocked:
        _, height, width, channels, _ = memory.shape
        self: Blocked = torch.Tensor._make_wrapper_subclass(
            cls,
            (batch, channels, height, width),
            strides=(height * width * channels, 1, width * channels, channels),
            dtype=memory.dtype,
        )
        self.memory = memory
        return self

    def __repr__(self, *, tensor_contents: Any = None) -> str:  # type: ignore[override]
        return f"Blocked({tuple(self.shape)})"

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        handler = HANDLERS.get(func)
        found = NotImplemented if handler is None else handler(func, *args, **kwargs)
        return _turned(func, args, kwargs) if found is NotImplemented else found


def of(numbers: Tensor, batch: int, added_up: After | None = None) -> Blocked:
    """Blocked images of their memory [N, H, W, C, 16], with what was added up of it."""
    return Blocked(Memory(tuple(numbers.shape), numbers.dtype, numbers, added_up), batch)


def empty(like: Tensor, channels: int, height: int, width: int) -> Tensor:
    """Memory [N, height, width, channels, 16] to be filled, for as many images as others are."""
    return torch.empty((-(-len(like) // WIDTH), height, width, channels, WIDTH), dtype=like.dtype)


def memory(images: Tensor) -> Memory:
    """The memory of images [B, C, H, W], which are turned if they must be."""
    return images.memory if isinstance(images, Blocked) else _to_blocked(images).memory


def to_blocked(images: Tensor) -> Tensor:
    """The same images [B, C, H, W], blocked."""
    turned: Tensor = images if isinstance(images, Blocked) else _ToBlocked.apply(images)  # type: ignore[no-untyped-call]
    return turned


def to_channels_last(images: Tensor) -> Tensor:
    """Blocked images [B, C, H, W], channels-last; others as they are."""
    turned: Tensor = _ToChannelsLast.apply(images) if isinstance(images, Blocked) else images  # type: ignore[no-untyped-call]
    return turned


def _to_blocked(images: Tensor) -> Blocked:
    out = empty(images, *images.shape[1:])
    given = images.detach().permute(0, 2, 3, 1).contiguous()
    _turn(compiling.loops().to_blocks, given, out, len(images), tuple(out.shape))
    return of(out, len(images))


def _to_channels_last(images: Tensor) -> Tensor:
    if not isinstance(images, Blocked):
        return images.contiguous(memory_format=torch.channels_last)
    numbers = images.memory.numbers()
    out = torch.empty(images.shape, dtype=images.dtype, memory_format=torch.channels_last)
    _turn(compiling.loops().from_blocks, numbers, out, len(images), tuple(numbers.shape))
    return out


def _turn(loop: Any, given: Tensor, out: Tensor, batch: int, blocks: tuple[int, ...]) -> None:
    shape = batch, math.prod(blocks[1:4]), out.itemsize
    from_, to, zero = given.data_ptr(), out.data_ptr(), np.zeros(1, given.numpy().dtype)[0]
    in_blocks(lambda begin, end: loop(from_, to, shape, begin, end, zero), blocks)


class _ToBlocked(Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        return _to_blocked(images)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _to_channels_last(gradient)


class _ToChannelsLast(Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        return _to_channels_last(images)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _to_blocked(gradient)


def _turned(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a function makes of the images turned; what it wrote into them is turned back."""
    turned: dict[int, tuple[Blocked, Tensor]] = {}

    def turn(images: Blocked) -> Tensor:
        if id(images) not in turned:
            turned[id(images)] = images, _to_channels_last(images)
        return turned[id(images)][1]

    result = func(*tree_map_only(Blocked, turn, args), **tree_map_only(Blocked, turn, kwargs))
    if func._schema.is_mutable:
        for images, written in turned.values():
            images.memory.to_be_written().copy_(_to_blocked(written).memory.numbers())
            if result is written:
                result = images
    return result


def _each(func: Any, *args: Any, **kwargs: Any) -> Any:
    """Number by number; of several images all must be of one shape and type."""
    batch = _alike(args)
    return of(func(*_numbers(args), **kwargs), batch) if batch else NotImplemented


def _alike(args: tuple[Any, ...]) -> int:
    """Images in each of several, if they are of one shape and type; else 0."""
    kinds = {(each.shape, each.dtype) for each in args if isinstance(each, Tensor) and each.dim()}
    return kinds.pop()[0][0] if len(kinds) == 1 else 0


def _numbers(args: tuple[Any, ...]) -> tuple[Any, ...]:
    each = ((one, isinstance(one, Tensor) and one.dim()) for one in args)
    return tuple(memory(one).numbers() if images else one for one, images in each)


def _in_place(func: Any, images: Tensor, *args: Any, **kwargs: Any) -> Any:
    if not isinstance(images, Blocked) or not _alike((images, *args)):
        return NotImplemented
    func(images.memory.to_be_written(), *_numbers(args), **kwargs)
    return images


def _relu(func: Any, images: Blocked) -> Any:
    lazy = images.memory
    if isinstance(lazy, Normal) and lazy.open:
        return Blocked(lazy.rectified(math.nan), len(images))
    return _each(func, images)


def _relu_in_place(func: Any, images: Blocked) -> Any:
    lazy = images.memory
    if isinstance(lazy, Normal) and lazy.free:
        lazy.rectify(math.nan)
        return images
    return _in_place(func, images)


def _hardtanh(func: Any, images: Blocked, low: Any = -1, top: Any = 1) -> Any:
    lazy = images.memory
    if isinstance(lazy, Normal) and lazy.open and low == 0:
        return Blocked(lazy.rectified(top), len(images))
    return _each(func, images, low, top)


def _hardtanh_in_place(func: Any, images: Blocked, low: Any = -1, top: Any = 1) -> Any:
    lazy = images.memory
    if isinstance(lazy, Normal) and lazy.free and low == 0:
        lazy.rectify(top)
        return images
    return _in_place(func, images, low, top)


def _add(func: Any, images: Tensor, other: Any, *, alpha: Any = 1) -> Any:
    same = isinstance(other, Tensor) and other.shape == images.shape
    if same and alpha == 1 and images.dtype == other.dtype:
        for first, second in ((images, other), (other, images)):
            lazy = first.memory if isinstance(first, Blocked) else None
            if isinstance(lazy, Normal) and lazy.open and not lazy.added:
                lazy = lazy.fresh()
                lazy.add(memory(second))
                return Blocked(lazy, len(images))
        if isinstance(images, Blocked) and isinstance(other, Blocked):
            return Blocked(Sum(images.memory, other.memory), len(images))
    return _each(func, images, other, alpha=alpha)


def _add_in_place(func: Any, images: Tensor, other: Any, *, alpha: Any = 1) -> Any:
    lazy = images.memory if isinstance(images, Blocked) else None
    same = isinstance(other, Tensor) and other.shape == images.shape
    joins = same and alpha == 1 and images.dtype == other.dtype
    able = isinstance(lazy, Normal) and lazy.free and not lazy.added
    if isinstance(lazy, Normal) and able and joins and (added := memory(other)) is not lazy:
        lazy.add(added)
        return images
    return _in_place(func, images, other, alpha=alpha)


def _threshold_backward(func: Any, gradient: Tensor, result: Tensor, threshold: Any) -> Any:
    if threshold == 0 and isinstance(result, Blocked):
        return Blocked(Rectified(memory(gradient), result.memory, math.nan), len(result))
    return _each(func, gradient, result, threshold)


def _hardtanh_backward(func: Any, gradient: Tensor, given: Tensor, low: Any, top: Any) -> Any:
    if low == 0 and isinstance(given, Blocked):
        return Blocked(Rectified(memory(gradient), given.memory, top), len(given))
    return _each(func, gradient, given, low, top)


def _shared(func: Any, images: Blocked) -> Blocked:
    return Blocked(images.memory, len(images))


def _clone(func: Any, images: Blocked, *, memory_format: Any = torch.preserve_format) -> Any:
    """What an activation in place does first: it costs nothing where nothing is made yet."""
    if memory_format not in (None, torch.preserve_format, torch.channels_last):
        return NotImplemented
    lazy = images.memory
    if isinstance(lazy, Normal) and lazy.open:
        return Blocked(lazy.fresh(), len(images))
    return of(lazy.numbers().clone(), len(images))


HANDLERS: dict[Any, Callable[..., Any]] = {
    _aten.relu.default: _relu,
    _aten.relu_.default: _relu_in_place,
    _aten.threshold_backward.default: _threshold_backward,
    _aten.hardtanh.default: _hardtanh,
    _aten.hardtanh_.default: _hardtanh_in_place,
    _aten.hardtanh_backward.default: _hardtanh_backward,
    _aten.add.Tensor: _add,
    _aten.add_.Tensor: _add_in_place,
    _aten.detach.default: _shared,
    _aten.alias.default: _shared,
    _aten.clone.default: _clone,
    _aten.silu.default: _each,
    _aten.silu_backward.default: _each,
    _aten.silu_.default: _in_place,
}
