"""Networks as files that need no code to run: ONNX, and programs of `torch.export`.

Both are in evaluation mode and take any number of images [N, channels, height, width], or of rows
of tokens [N, T], and give logits [N, classes], or [N, T, classes].
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, cast

import torch
from torch import nn

from ..errors import SparsetoolError
from ..layer_graph.inputs import made_up
from ..layer_graph.logits import output_of

OPSET = 17


def onnx_model(module: nn.Module, input: Sequence[int]) -> Any:
    """A network as an ONNX model; initializers have the parameters' names.

    Args:
        module: The network, in evaluation mode.
        input: Channels, height and width of an example, pixels.

    Raises:
        SparsetoolError: The extra `onnx` is not installed, or torch cannot export the network.
    """
    try:
        import onnx as library
    except ImportError:
        raise SparsetoolError(
            "ONNX needs the package onnx: pip install 'sparsetool[onnx]'"
        ) from None
    file = io.BytesIO()
    with _giving_logits(module), _or_one_line("ONNX"):
        torch.onnx.export(
            module, (_example(module, input),), cast(Any, file), opset_version=OPSET, dynamo=False,
            do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE,
            input_names=["images"], output_names=["logits"],
            dynamic_axes={"images": {0: "N"}, "logits": {0: "N"}},
        )  # fmt: skip
    return library.load_model_from_string(file.getvalue())


def program(module: nn.Module, input: Sequence[int]) -> bytes:
    """A network as `torch.export.save` writes it; `torch.export.load(FILE).module()` runs it.

    Args:
        module: The network, in evaluation mode.
        input: Channels, height and width of an example, pixels.

    Raises:
        SparsetoolError: torch cannot export the network.
    """
    from torch.export import Dim, export, save

    file = io.BytesIO()
    with _giving_logits(module), _or_one_line("a .pt2 file"):
        made = export(module, (_example(module, input),), dynamic_shapes=({0: Dim.AUTO},))
        for node in made.graph.nodes:
            node.meta.pop("stack_trace", None)  # it names folders of this machine
        save(made, file)
    return file.getvalue()


def _example(module: nn.Module, input: Sequence[int]) -> torch.Tensor:
    types = {p.dtype for p in module.parameters()}
    wide = torch.float64 in types
    return made_up(input, 2, torch.float64 if wide else torch.float32)


@contextlib.contextmanager
def _giving_logits(module: nn.Module) -> Iterator[None]:
    """The network itself gives its logits alone: a module around it would change names."""
    whole_output = module.forward
    module.forward = lambda images: output_of(whole_output(images))
    try:
        yield
    finally:
        del module.forward


@contextlib.contextmanager
def _or_one_line(form: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what torch will change in later versions
            yield
    except Exception as error:  # torch's exporters raise what they like
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise SparsetoolError(f"torch cannot export this network to {form}: {first}") from None
