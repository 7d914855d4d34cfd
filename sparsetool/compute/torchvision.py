"""torchvision, also beside a torch that its compiled part was not built for.

pip pairs the CPU build of torch with torchvision's CUDA build, whose operators then cannot be
loaded; its Python code refers to two of them while it is imported and stops. Declared without an
implementation they let models, data sets and transforms work; `torchvision.ops.nms`, detection
models and decoding by `torchvision.io` stay away.

Everything that needs torchvision gets it from here.
"""

import importlib
import sys
from functools import lru_cache
from types import ModuleType
from typing import Any

import torch

from ..errors import SparsetoolError

FAILURE = "operator torchvision::nms does not exist"
MISSING = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@lru_cache
def torchvision() -> ModuleType:
    """The imported package, with `models`, `datasets` and `transforms`.

    Raises:
        SparsetoolError: It is not installed.
    """
    try:
        return importlib.import_module("torchvision")
    except ModuleNotFoundError as error:
        if error.name != "torchvision":
            raise
        raise SparsetoolError(
            "torchvision is not installed; this needs it: pip install torchvision"
        ) from None
    except RuntimeError as error:
        if FAILURE not in str(error):
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    _declare()
    return importlib.import_module("torchvision")


def mended() -> bool:
    """Whether the imported package lacks its compiled operators, which were then declared."""
    return bool(_declare.cache_info().currsize)


@lru_cache
def _declare() -> Any:
    """Declare the missing operators; they live as long as the library object, kept by the cache."""
    library: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in MISSING:
        library.define(schema)
    return library
