"""Layers during tracing: zeros in place of their outputs, and their nodes in the graph.

Shapes are those of the functions in `torch.nn.functional` that each stands for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .activations import Activations
from .channels import Untraceable, along

# What convolutions take after input, weight and bias, in this order.
PLAIN = ("stride", "padding", "dilation", "groups")
TRANSPOSED = ("stride", "padding", "output_padding", "groups", "dilation")


def _layer(
    watch: Activations, weight: Tensor, count: int, source: np.ndarray, **facts: Any
) -> np.ndarray:
    """Add a layer of `count` outputs; returns their channels."""
    if id(weight) not in watch.names:
        raise Untraceable("a layer's weight is no parameter")
    return watch.graph.add("layer", count, [source], weight=watch.names[id(weight)], **facts)


def convolution(
    watch: Activations,
    func: Any,
    name: str,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *args: Any,
    **rest: Any,
) -> Tensor:
    """Any convolution, transposed or not: [N, C, ...] to [N, C', ...]."""
    if input.dim() != weight.dim():
        raise Untraceable("a convolution of an example without a batch")
    transposed = "transpose" in name
    given = {**dict(zip(TRANSPOSED if transposed else PLAIN, args, strict=False)), **rest}
    groups = given.get("groups", 1)
    facts: dict[str, Any] = {"groups": groups} if groups > 1 else {}
    width, count = weight.shape[1] * groups, weight.shape[0]
    if transposed:
        facts["transposed"] = True
        width, count = count, width
    _check(input.shape[1], width)
    # Height and width are those that one channel of one example gets.
    places = func(input[:1, :1], weight[:1, :1], None, **{**given, "groups": 1}).shape[2:]
    made = torch.zeros(len(input), count, *places, dtype=input.dtype)
    channels = _layer(watch, weight, count, watch.channels(input, 1), **facts)
    watch.mark(made, along(channels, 1, made.shape))
    return made


def linear(watch: Activations, input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """[..., in] to [..., out]."""
    _check(input.shape[-1], weight.shape[1])
    made = torch.zeros(*input.shape[:-1], weight.shape[0], dtype=input.dtype)
    channels = _layer(watch, weight, weight.shape[0], watch.channels(input, -1))
    watch.mark(made, along(channels, -1, made.shape))
    return made


def _check(given: int, wanted: int) -> None:
    """Refuse what the layer itself would refuse, had it been computed."""
    if given != wanted:
        raise RuntimeError(f"a layer got {given} features, not {wanted}")


def multi_head(watch: Activations, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor | None]:
    """`nn.MultiheadAttention`: three projections, attention and a fourth projection."""
    bound = inspect.signature(functional.multi_head_attention_forward).bind(*args, **kwargs)
    bound.apply_defaults()
    given = bound.arguments
    query, width = given["query"], given["embed_dim_to_check"]
    parts = []
    for place, key in enumerate(("query", "key", "value")):
        source = watch.channels(given[key], -1)
        if given["use_separate_proj_weight"]:
            parts.append(_layer(watch, given[f"{key[0]}_proj_weight"], width, source))
        else:
            rows = [place * width, (place + 1) * width]
            parts.append(_layer(watch, given["in_proj_weight"], width, source, rows=rows))
    mixed = watch.graph.add("attention", width, parts, heads=given["num_heads"])
    channels = _layer(watch, given["out_proj_weight"], width, mixed)
    made = torch.zeros(query.shape, dtype=query.dtype)
    watch.mark(made, along(channels, -1, made.shape))
    if not given["need_weights"]:
        return made, None
    heads = [] if given["average_attn_weights"] else [given["num_heads"]]
    weights = torch.zeros(*query.shape[1:-1], *heads, query.shape[0], given["key"].shape[0])
    watch.mark(weights, None)
    return made, weights


def attention(
    watch: Activations, query: Tensor, key: Tensor, value: Tensor, *args: Any, **rest: Any
) -> Tensor:
    """`scaled_dot_product_attention` of [N, heads, places, width] or [N, places, width]."""
    heads = query.shape[1:-2]
    if len(heads) > 1 or key.shape[1:-2] != heads or value.shape[1:-2] != heads:
        raise Untraceable("attention whose heads are not those of its values")
    dims = [-1] if not heads else [1, -1]
    parts = [watch.channels(tensor, *dims) for tensor in (query, key, value)]
    count = heads[0] if heads else 1
    channels = watch.graph.add("attention", len(parts[2]), parts, heads=count)
    made = torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
    twin = torch.from_numpy(channels).reshape(*heads, 1, value.shape[-1])
    watch.mark(made, twin.expand(made.shape))
    return made


LAYERS: dict[str, Callable[..., Any]] = {
    "linear": linear,
    "multi_head_attention_forward": multi_head,
    "scaled_dot_product_attention": attention,
}
