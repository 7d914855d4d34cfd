"""Self-attention of `nn.MultiheadAttention` in parts, so that its projections can be sparse.

Torch calls them inside a function of its own, where nothing can see them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn import functional

PACKED = functional.multi_head_attention_forward
WEIGHTS = ("in_proj_weight", "out_proj_weight")
# Of its arguments, those that ordinary self-attention has not.
ABSENT = ("bias_k", "bias_v", "key_padding_mask", "attn_mask", "static_k", "static_v")
OFF = ("add_zero_attn", "need_weights", "is_causal", "use_separate_proj_weight")

_signature = inspect.signature(PACKED)


def projections(*args: Any, **kwargs: Any) -> dict[str, Any] | None:
    """The arguments of a call of `PACKED` by name; None of one that `attend` does not make."""
    bound = _signature.bind(*args, **kwargs)
    bound.apply_defaults()
    given: dict[str, Any] = bound.arguments
    query, weight, heads = given["query"], given["in_proj_weight"], given["num_heads"]
    same = query is given["key"] and query is given["value"] and query.dim() == 3
    plain = all(given[name] is None for name in ABSENT) and not any(given[name] for name in OFF)
    if not same or not plain or weight is None:
        return None
    fits = query.shape[-1] == given["embed_dim_to_check"] and query.shape[-1] % heads == 0
    return given if fits else None


def attend(given: dict[str, Any], linear: Callable[..., Tensor]) -> tuple[Tensor, None]:
    """What `PACKED` makes of its arguments: tokens [L, B, E], and no weights.

    Args:
        given: From `projections`.
        linear: In the place of `torch.nn.functional.linear`.
    """
    tokens, heads = given["query"], given["num_heads"]
    turned = not tokens.is_contiguous()  # as of a layer whose tokens are [B, L, E]
    tokens = tokens.transpose(0, 1) if turned else tokens
    packed = linear(tokens, given["in_proj_weight"], given["in_proj_bias"])
    parts = packed.view(*tokens.shape[:2], 3, heads, tokens.shape[-1] // heads)
    query, key, value = parts.permute(2, 0, 3, 1, 4) if turned else parts.permute(2, 1, 3, 0, 4)
    dropout = given["dropout_p"] if given["training"] else 0.0
    seen = functional.scaled_dot_product_attention(query, key, value, dropout_p=dropout)
    seen = seen.permute(0, 2, 1, 3) if turned else seen.permute(2, 0, 1, 3)
    made = linear(seen.flatten(2), given["out_proj_weight"], given["out_proj_bias"])
    return made.transpose(0, 1) if turned else made, None
