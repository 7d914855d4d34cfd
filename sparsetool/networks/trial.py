"""What a person's own network must be before a ticket is made of it, found out by running it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

from ..errors import SparsetoolError
from ..layer_graph.inputs import varied
from ..layer_graph.logits import logits_of
from ..layer_graph.tensors import is_extra, tensors
from ..plugins.datasets import is_text
from ..ticket.checks import SUFFIX

BATCH = 2
HELD = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def materialise(module: nn.Module, input: Sequence[int]) -> None:
    """Give lazy layers their shapes, by one pass in evaluation mode; others are not run.

    Raises:
        SparsetoolError: The pass fails, or leaves a layer without a shape.
    """
    if not any(True for _ in _lazy(module)):
        return
    modes = {child: child.training for child in module.modules()}
    module.eval()
    with torch.no_grad():
        _run(module, _images(module, input), input)
    for child, training in modes.items():
        child.training = training
    if unshaped := list(_lazy(module)):
        raise SparsetoolError(
            f"the network does not use its lazy layer of {unshaped[0]}, so its shape is unknown: "
            "give it one, or leave it out"
        )


def _lazy(module: nn.Module) -> Iterator[str]:
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if isinstance(tensor, UninitializedParameter | UninitializedBuffer):
            yield name


def check_holdable(module: nn.Module) -> None:
    """Refuse a network with something that a ticket cannot hold.

    Raises:
        SparsetoolError: Its message names what, where, and what to do.
    """
    _check_names(module)
    parameters = {id(parameter) for parameter in module.parameters()}
    for name, value in module.state_dict(keep_vars=True).items():
        if is_extra(name) and not _empty(value):
            raise SparsetoolError(
                f"the network has extra state ({name}), which a ticket cannot hold: "
                "keep it in buffers, or let get_extra_state give None"
            )
    held = tensors(module)
    for name, tensor in held.items():
        if tensor.is_complex():
            raise SparsetoolError(
                f"{name} is complex ({tensor.numel():,} numbers of {_type(tensor)}), which a "
                "ticket cannot hold: keep real and imaginary part as two parameters "
                "(torch.view_as_complex joins them)"
            )
        if id(tensor) in parameters and tensor.dtype not in HELD:
            raise SparsetoolError(
                f"parameter {name} is {_type(tensor)}; wanted float32 or float64 "
                "(numbers that are not trained belong in a buffer)"
            )
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
            raise SparsetoolError(f"{name} is no plain dense tensor, which a ticket wants")
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            count = int((~torch.isfinite(tensor)).sum())
            cure = ": register such a constant with persistent=False"
            raise SparsetoolError(
                f"{count:,} initial values of {name} are NaN or infinite"
                f"{'' if id(tensor) in parameters else cure}"
            )
        if name.endswith(SUFFIX) and name.removesuffix(SUFFIX) in held:
            raise SparsetoolError(f"{name} has the name of a mask: give it another")


def _check_names(module: nn.Module) -> None:
    """Refuse a network whose state_dict() has not its parameters, by their names.

    Raises:
        SparsetoolError: Its message names what differs, and what to do.
    """
    if any(isinstance(child, torch.jit.ScriptModule) for child in module.modules()):
        raise SparsetoolError(
            "the network is TorchScript, whose layers cannot be seen: return the module that it "
            "was made of"
        )
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    called = {id(tensor): name for name, tensor in tensors(module).items()}
    by_name = dict(module.named_parameters(remove_duplicate=False))
    for key, name in names.items():
        if key not in called:
            raise SparsetoolError(
                f"state_dict() of the network lacks its parameter {name}, which a ticket would "
                "lose: let it give every parameter"
            )
        if id(by_name.get(called[key])) != key:
            raise SparsetoolError(
                f"state_dict() of the network calls its parameter {name} {called[key]}: let it "
                "give the names of named_parameters()"
            )


def _empty(value: object) -> bool:
    if value is None or (isinstance(value, Tensor) and not value.numel()):
        return True
    return isinstance(value, dict | list | tuple | bytes) and not value


def _type(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def check_runs(module: nn.Module, input: Sequence[int], classes: int) -> None:
    """Run a network in both modes on two images; its buffers may change.

    Raises:
        SparsetoolError: It fails, or gives no logits [N, classes].
    """
    images = _images(module, input)
    kind, rows = "images", BATCH
    if is_text(input):
        kind, rows = f"rows of {input[0]} tokens", BATCH * input[0]
    trains = any(parameter.requires_grad for parameter in module.parameters())
    with torch.random.fork_rng(devices=[]):
        for training in (False, True):
            with torch.set_grad_enabled(training):
                logits = logits_of(_run(module.train(training), images, input))
            if tuple(logits.shape) != (rows, classes) or not logits.is_floating_point():
                mode = " in training mode" if training else ""
                raise SparsetoolError(
                    f"the network's logits{mode} are {_type(logits)} {list(logits.shape)} for "
                    f"{BATCH} {kind}; wanted floats [{rows}, {classes}], one for each class"
                )
            if training and trains and not logits.requires_grad:
                raise SparsetoolError(
                    "the network's logits depend on no parameter that trains: are they detached, "
                    "or made under torch.no_grad()?"
                )


def _images(module: nn.Module, input: Sequence[int]) -> Tensor:
    """Examples that are neither equal nor constant, in the network's type."""
    floats: Iterable[Tensor] = (p for p in module.parameters() if p.is_floating_point())
    return varied(input, BATCH, next((p.dtype for p in floats), torch.float32))


def _run(module: nn.Module, images: Tensor, input: Sequence[int]) -> object:
    try:
        return module(images)
    except SparsetoolError:
        raise
    except Exception as error:  # a user's network may fail in any way
        mode = "training" if module.training else "evaluation"
        first = next(iter(str(error).strip().splitlines()), "")
        raise SparsetoolError(
            f"the network fails on {BATCH} images of {list(input)} (channels, height, width) in "
            f"{mode} mode: {type(error).__name__}: {first}"
        ) from error
