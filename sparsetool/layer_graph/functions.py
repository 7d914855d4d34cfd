"""What torch's functions do to channels, by name."""

from __future__ import annotations

from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One number from the number in the same place. Normalisation counts as such: what it mixes between
# channels is a shift and a scale.
SAME = _words(
    """relu relu6 hardtanh leaky_relu prelu rrelu elu selu celu gelu silu mish softplus softsign
    hardswish tanh hardshrink softshrink threshold logsigmoid abs neg exp log sqrt rsqrt square pow
    clamp clip batch_norm layer_norm group_norm instance_norm rms_norm local_response_norm normalize
    log_softmax dropout dropout1d dropout2d dropout3d alpha_dropout feature_dropout
    feature_alpha_dropout contiguous clone detach to float double half bfloat16 type_as"""
)
# The same, with results above 0 even at 0: what they multiply survives their death.
GATES = frozenset(["sigmoid", "hardsigmoid", "softmax"])
# Move numbers about.
MOVES = _words(
    """view reshape flatten unflatten permute transpose swapaxes swapdims movedim moveaxis squeeze
    unsqueeze expand expand_as repeat tile repeat_interleave cat concat concatenate stack chunk
    split tensor_split unbind getitem select narrow index_select t roll flip view_as reshape_as
    pixel_shuffle pixel_unshuffle channel_shuffle get_T get_mT"""
)
# Combine places (dimensions 2 and up) within a channel.
PLACES = frozenset(
    f"{kind}_pool{d}d"
    for d in "123"
    for kind in ("avg", "max", "lp", "adaptive_avg", "adaptive_max")
) | frozenset(["interpolate", "upsample"])
SUMS = frozenset(["add", "sub", "iadd", "isub", "radd", "rsub", "maximum", "minimum"])
PRODUCTS = frozenset(["mul", "imul", "rmul", "multiply"])
REDUCTIONS = frozenset(["mean", "sum", "amax", "amin", "logsumexp"])
CONVOLUTIONS = frozenset(f"conv{kind}{d}d" for d in "123" for kind in ("", "_transpose"))

# Take numbers out of torch's sight, or write into a part of an activation.
BLIND = frozenset(["item", "tolist", "numpy", "array", "setitem"])


def name_of(func: Any) -> str:
    """A torch function's name without underscores; `get_NAME` for an attribute."""
    name = str(func.__name__).strip("_")
    return f"get_{func.__self__.__name__}" if name == "get" else name
