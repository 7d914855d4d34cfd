"""The paper's library for curvature, for parity: PyHessian's top eigenvalues and trace.

Yao, Gholami, Keutzer, Mahoney, 2020, "PyHessian: Neural networks through the lens of the Hessian".
Its eigenvalues are those of largest size, by power iteration with deflation, until an iterate
changes by less than 1e-3: nearer to the truth than that it need not be. Its trace is Hutchinson's,
until the running mean changes by less than 1e-3.

Version 0.1 leaves the model in evaluation mode and graphs in `.grad`, doubles its results when made
twice without clearing them, and fails on parameters that the loss does not use; here it works on a
copy that is thrown away and sees used parameters only. Its spectral density needs `torch.eig`,
which torch no longer has, so it is not offered.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..errors import SparsetoolError
from ..layer_graph.logits import logits_of
from ..ticket.draws import Draws


class Masked(nn.Module):
    """A network whose weights are multiplied by masks in the forward pass, as the authors do it.

    The nonzero spectrum is that of the surviving weights; every pruned weight adds a zero.
    """

    def __init__(self, module: nn.Module, masks: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.module, self.masks = module, masks

    def forward(self, images: Tensor) -> Tensor:
        """Images [N, ...] to logits [N, classes]."""
        held = dict(self.module.named_parameters())
        masked = {name: held[name] * mask for name, mask in self.masks.items()}
        return logits_of(functional_call(self.module, masked, (images,)))


def measure(
    module: nn.Module,
    images: Tensor,
    labels: Tensor,
    masks: Mapping[str, Tensor],
    top: int,
    trace: bool,
    seed: int,
) -> dict[str, Any]:
    """`eigenvalues` as PyHessian orders them, and `trace` with `trace_error` where asked.

    Args:
        module: Gives logits [N, classes]; left as it was.
        images: Inputs [N, ...], float32.
        labels: int64 [N].
        masks: Masks by parameter name; none for the Hessian in all parameters.
        top: How many eigenvalues.
        trace: Whether to estimate the trace.
        seed: Seed of its random vectors.

    Raises:
        SparsetoolError: The library is not installed.
    """
    try:
        from pyhessian import hessian
    except ModuleNotFoundError as error:
        if error.name != "pyhessian":
            raise
        raise SparsetoolError(
            "pyhessian is not installed; --method pyhessian needs it: pip install pyhessian==0.1"
        ) from None
    device = images.device
    network: nn.Module = copy.deepcopy(module).float().to(device)
    network.zero_grad(set_to_none=True)
    network.requires_grad_(True)
    network = Masked(network, {name: mask.to(device) for name, mask in masks.items()})
    loss = nn.CrossEntropyLoss()
    _keep_used(network, loss(network.eval()(images[:1]), labels[:1].flatten()))
    key = int(Draws(seed, "probe", name="pyhessian").words(1)[0] >> np.uint64(1))
    on_cuda = device.type == "cuda"
    with torch.random.fork_rng(devices=[device] if on_cuda else []), warnings.catch_warnings():
        # Its graphs are let go of below; nobody who reads the warning can do anything about it.
        warnings.filterwarnings("ignore", message="Using backward\\(\\) with create_graph=True")
        # Not torch.manual_seed, which would reset every device's generator.
        torch.default_generator.manual_seed(key)
        if on_cuda:
            torch.cuda.manual_seed(key)
        with sdpa_kernel(SDPBackend.MATH):  # fused kernels cannot be differentiated twice
            library = hessian(network, loss, data=(images, labels.flatten()), cuda=on_cuda)
        result: dict[str, Any] = {"eigenvalues": library.eigenvalues(top_n=top)[0]}
        if trace:
            samples = library.trace()
            mean = math.fsum(samples) / len(samples)
            spread = math.fsum((s - mean) ** 2 for s in samples) / max(1, len(samples) - 1)
            result |= {"trace": mean, "trace_error": math.sqrt(spread / len(samples))}
    network.zero_grad(set_to_none=True)  # its graphs refer to one another for ever otherwise
    return result


def _keep_used(network: nn.Module, loss: Tensor) -> None:
    """Make constants of the parameters that the loss does not depend on."""
    parameters = list(network.parameters())
    for parameter, grad in zip(
        parameters, torch.autograd.grad(loss, parameters, allow_unused=True), strict=True
    ):
        parameter.requires_grad_(grad is not None)
