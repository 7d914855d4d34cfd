"""Names of code to be expected in a checkpoint: what people save beside weights.

An object of such a class is told by its name and held as it is; it is never made, so that allowing
a name runs nothing. What is not here is named to the user, and the file refused.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTIN = _words(
    """set frozenset list tuple dict int float bool complex str bytes bytearray slice range object
    type"""
)
BESIDE = _words(
    """argparse.Namespace types.SimpleNamespace collections.Counter collections.deque
    datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone
    decimal.Decimal fractions.Fraction functools.partial uuid.UUID re._compile
    pathlib.Path pathlib.PosixPath pathlib.WindowsPath pathlib.PurePosixPath
    pathlib.PureWindowsPath pathlib._local.Path pathlib._local.PosixPath
    pathlib._local.WindowsPath copyreg._reconstructor typing.Any
    torch.device torch.Generator torch.serialization._get_layout torch.torch_version.TorchVersion
    torch.nn.parameter.Parameter torch.nn.parameter.Buffer torch.Tensor torch._tensor.Tensor
    torch.per_tensor_affine torch.per_channel_affine torch.storage.UntypedStorage
    torch.strided torch.sparse_coo torch.memory_format torch.contiguous_format torch.channels_last
    torch.amp.grad_scaler.GradScaler torch.amp.grad_scaler._refresh_per_optimizer_state
    torch.cuda.amp.grad_scaler.GradScaler
    numpy.ndarray numpy.bool_ numpy.str_ numpy.bool numpy.ma.MaskedArray numpy.ma.core.MaskedArray
    numpy.ma.core._mareconstruct
    easydict.EasyDict addict.addict.Dict munch.Munch munch.DefaultMunch yacs.config.CfgNode
    fvcore.common.config.CfgNode box.box.Box
    pytorch_lightning.utilities.parsing.AttributeDict
    lightning.pytorch.utilities.parsing.AttributeDict
    lightning_fabric.utilities.data.AttributeDict lightning.fabric.utilities.data.AttributeDict
    mmengine.config.config.ConfigDict mmengine.logging.history_buffer.HistoryBuffer"""
)
# Whole packages and modules: options, optimizers with their schedules, random states.
WITHIN = (
    "omegaconf.",
    "ml_collections.config_dict.",
    "torch.optim.",
    "torch.jit._pickle",
    "numpy.random.",
)
DTYPE = re.compile(r"bool|(complex|b?float|q?u?int|bits)\d\w*")
NUMPY = re.compile(r"(float|u?int|complex)\d+|longdouble|clongdouble")


def known(name: str) -> bool:
    """Whether a name is one to be expected in a checkpoint.

    Example:
        >>> known("argparse.Namespace"), known("builtins.set"), known("builtins.eval")
        (True, True, False)
    """
    module, _, last = name.rpartition(".")
    if module in ("builtins", "__builtin__"):  # the latter, and its names, are protocol 2's
        return last in BUILTIN or last in ("long", "unicode", "xrange")
    return (
        name in BESIDE
        or name.startswith(WITHIN)
        or (module == "torch" and DTYPE.fullmatch(last) is not None)
        or (module in ("torch", "torch.storage", "torch.cuda") and last.endswith("Storage"))
        or (module == "numpy" and NUMPY.fullmatch(last) is not None)
        or (module == "numpy.dtypes" and last.endswith("DType"))
        or name == "copy_reg._reconstructor"
    )
