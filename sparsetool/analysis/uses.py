"""How often a network applies each of its weights to an example, seen while it runs once.

A weight may be multiplied as it is, through a view, under several names (tied), at every step of a
recurrence, or through what is computed of it (weight norm, standardisation): numbers that depend on
parameters and buffers alone are followed from operation to operation. Where zeros of a weight are
no zeros of what is multiplied (a mean is subtracted), its pruned weights cost what others do. A
weight that meets an activation in an operation that is no matrix product or convolution is reported
as not counted.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from ..errors import SparsetoolError
from ..layer_graph.inputs import made_up, typed, varied
from ..layer_graph.tensors import tensors
from ..networks.build import build, layer_weights
from ..ticket.matrices import is_matrix

aten = torch.ops.aten
PRODUCTS: Mapping[Any, tuple[int, int]] = {  # positions of the two matrices
    aten.mm.default: (0, 1),
    aten.bmm.default: (0, 1),
    aten.mv.default: (0, 1),
    aten.addmm.default: (1, 2),
    aten.addmv.default: (1, 2),
    aten.baddbmm.default: (1, 2),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Functions of one tensor, or of several put side by side, that give zeros for zeros.
KEEPING = _words(
    """t transpose permute view unsafe_view reshape expand slice select squeeze unsqueeze
    clone to_copy detach alias contiguous cat stack split unsafe_split split_with_sizes unbind
    index_select flip roll as_strided neg abs sign sqrt pow tanh relu mul div copy
    weight_norm_interface"""
)
# What meets an activation without being multiplied with it, and normalisation, which no count has.
WITHOUT = _words(
    """add sub rsub cat stack copy embedding index index_select gather where slice_scatter
    native_layer_norm native_batch_norm native_group_norm"""
)
Origins = dict[str, bool]


@dataclass(frozen=True)
class Uses:
    """What was seen.

    Attributes:
        times: How often each layer's weights are applied to one example, by the weight's name.
        whole: Those of which pruned weights cost as much as kept ones.
        uncounted: Weights of which a use was seen that is not in `times`.
    """

    times: dict[str, int]
    whole: frozenset[str]
    uncounted: tuple[str, ...]


def seen_uses(model: str, classes: int, input: Iterable[int]) -> Uses:
    """How a network uses its weights.

    Shapes alone are propagated; a network that wants numbers is run on the CPU.

    Args:
        model: `NAME` or `NAME:ARGUMENT`.
        classes: Number of classes.
        input: Channels, height and width of an example, pixels.

    Raises:
        SparsetoolError: The network fails.
    """
    shape = tuple(input)
    try:
        return _watched(_on_meta(build(model, classes, shape)), made_up(shape, 1, device="meta"))
    except Exception:  # whatever a network does with numbers that are not there
        images = varied(shape, 1)
    try:
        return _watched(build(model, classes, shape), images)
    except Exception as error:
        raise SparsetoolError(
            f"the network fails on one image of {list(shape)}: {type(error).__name__}: {error}"
        ) from error


def _on_meta(module: nn.Module) -> nn.Module:
    """The module without numbers; tied weights stay tied."""
    names: dict[int, list[str]] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        names.setdefault(id(parameter), []).append(name)
    module.to("meta")
    for first, *others in names.values():
        for other in others:
            owner, _, last = other.rpartition(".")
            setattr(module.get_submodule(owner), last, module.get_parameter(first))
    return module


def _watched(module: nn.Module, images: Tensor) -> Uses:
    module.eval()
    layers = {id(weight) for child in module.modules() for weight in layer_weights(child)}
    held = tensors(module)
    parameters = {id(parameter) for parameter in module.parameters()}
    weights = {
        name: tensor
        for name, tensor in held.items()
        if id(tensor) in layers or (id(tensor) in parameters and is_matrix(tensor.shape))
    }
    dtype = next((p.dtype for p in module.parameters() if p.is_floating_point()), images.dtype)
    counting = _Counting(weights, [*module.parameters(), *module.buffers()])
    with torch.no_grad(), torch.random.fork_rng(devices=[]), _plain_kernels(), counting:
        module(typed(images, dtype))
    macs = counting.macs
    return Uses(
        {n: macs[n] // t.numel() for n, t in weights.items() if id(t) in layers or macs[n]},
        frozenset(counting.whole),
        # What is left of a division belongs to a weight that is used in part.
        tuple(n for n, t in weights.items() if n in counting.uncounted or macs[n] % t.numel()),
    )


@contextlib.contextmanager
def _plain_kernels() -> Iterator[None]:
    """Attention and recurrent layers as matrix products, also where one kernel does it all."""
    fast, onednn = torch.backends.mha.get_fastpath_enabled(), torch._C._get_mkldnn_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    torch._C._set_mkldnn_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
        torch._C._set_mkldnn_enabled(onednn)


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts how often each of some weights is multiplied, whatever is made of it before.

    Args:
        weights: The weights by name.
        fixed: Every parameter and buffer.
    """

    def __init__(self, weights: Mapping[str, Tensor], fixed: Iterable[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.macs: Counter[str] = Counter()
        self.whole: set[str] = set()
        self.uncounted: set[str] = set()
        self._sizes = {name: tensor.numel() for name, tensor in weights.items()}
        # Of what depends on parameters and buffers alone: the weights in it, by storage, and
        # whether their zeros are zeros there.
        self._fixed: dict[int, Origins] = {_storage(tensor): {} for tensor in fixed}
        self._fixed |= {_storage(tensor): {name: True} for name, tensor in weights.items()}
        self._held: list[Tensor] = []  # storages must not be used again

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__.strip("_")
        if func is aten.convolution.default:
            image, weight, transposed = args[0], args[1], args[6]
            places = (image if transposed else result).numel() // weight.shape[0]
            self._use(weight, image, places)
        elif func in PRODUCTS:
            left, right = (args[place] for place in PRODUCTS[func])
            macs = left.numel() * (right.shape[-1] if right.dim() > 1 else 1)
            self._use(left, right, macs // left.numel())
            self._use(right, left, macs // right.numel())
        given = [tensor for tensor in _tensors((args, kwargs)) if tensor.dim()]
        fixed = [self._fixed[_storage(t)] for t in given if _storage(t) in self._fixed]
        if given and len(fixed) == len(given):
            self._follow(name, fixed, result)
        elif func is not aten.convolution.default and func not in PRODUCTS and name not in WITHOUT:
            self.uncounted.update(*fixed)
        return result

    def _follow(self, name: str, given: Sequence[Origins], result: Any) -> None:
        """Note what a result that no activation is in was made of."""
        if name == "mul":  # a zero in either factor will do
            made = {n: any(each.get(n, False) for each in given) for each in given for n in each}
        elif name in ("div", "weight_norm_interface"):  # the first is divided by the rest
            made = {n: given[0].get(n, False) for each in given for n in each}
        else:
            keeps = name in KEEPING
            made = {n: keeps and all(e.get(n, True) for e in given) for each in given for n in each}
        for tensor in _tensors(result):
            self._fixed[_storage(tensor)] = made
            self._held.append(tensor)

    def _use(self, factor: Tensor, other: Tensor, places: int) -> None:
        """Count a product of `factor`, each number of which is used at some places."""
        origins = self._fixed.get(_storage(factor))
        if not origins or _storage(other) in self._fixed:
            return
        whole = [name for name in origins if self._sizes[name] == factor.numel()][:1]
        if not whole and sum(self._sizes[name] for name in origins) == factor.numel():
            whole = list(origins)  # several side by side
        if not whole and len(origins) == 1:
            whole = list(origins)  # a part of one
        for name in whole:
            self.macs[name] += places * min(factor.numel(), self._sizes[name])
            if not origins[name]:
                self.whole.add(name)
        if not whole:
            self.uncounted.update(origins)


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(tuple(value.values()))


def _storage(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)
