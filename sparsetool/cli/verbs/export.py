"""Write a ticket for programs that know no tickets: a state dict, masks, ONNX, or few bytes.

--plain writes an ordinary state_dict, zeros where the mask is: by torch.save with a name that ends
in .pt or .pth, else as safetensors. --packed writes what the mask keeps and one bit a weight; every
verb reads it as the ticket. `import` makes the ticket's weights and masks of each form again (of
--plain by --zeros). --shrink leaves out whole channels that the mask removed (`prune --channels`):
a smaller dense network with the same outputs, as a .pt2 file for torch.export.load, or .onnx.

    sparsetool export --plain sculpt.st -o sculpt.safetensors
    sparsetool export --torch-prune sculpt.st -o pruned.pt
    sparsetool export --packed --packed-dtype float16 sculpt.st -o small.st
    sparsetool export --shrink channels.st -o small.pt2
    sparsetool export --card sculpt.st -o README.md
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any

from ...errors import SparsetoolError, UsageError
from .. import options as o

# What the name of each form ends in, where it is made up; the first that fits a name given.
ENDINGS = {
    "plain": "safetensors",
    "packed": "st",
    "torch_prune": "pt",
    "csr": "pt",
    "masks": "npz",
    "onnx": "onnx",
    "shrink": "pt2",
    "card": "md",
}
PICKLES = (".pt", ".pth")


def verb(
    file: o.File = None,
    plain: Annotated[bool, o.option("--plain", help="All weights, zeros where pruned.")] = False,
    packed: Annotated[
        bool, o.option("--packed", help="Surviving values and bit masks; every verb reads it.")
    ] = False,
    packed_dtype: Annotated[
        str | None,
        o.option(
            "--packed-dtype",
            metavar="TYPE",
            help="Of packed values: float32 (default; exact), float16 or bfloat16.",
            values=("float32", "float16", "bfloat16"),
        ),
    ] = None,
    torch_prune: Annotated[
        bool, o.option("--torch-prune", help="NAME_orig and NAME_mask, as torch.nn.utils.prune.")
    ] = False,
    csr: Annotated[
        bool, o.option("--csr", help="A state_dict of sparse CSR matrices [out, rest].")
    ] = False,
    masks: Annotated[bool, o.option("--masks", help="The masks alone, as a numpy .npz.")] = False,
    onnx: Annotated[
        bool, o.option("--onnx", help="The network for inference; needs sparsetool[onnx].")
    ] = False,
    shrink: Annotated[
        bool, o.option("--shrink", help="The smaller dense network, without removed channels.")
    ] = False,
    card: Annotated[bool, o.option("--card", help="A model card from the lineage.")] = False,
    model: o.Model = None,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ... import files
    from .. import targets
    from ..transform import VerbCall

    given = dict(
        plain=plain, packed=packed, torch_prune=torch_prune, csr=csr, masks=masks, onnx=onnx,
        shrink=shrink, card=card,
    )  # fmt: skip
    asked = [form for form, wanted in given.items() if wanted]
    if len(asked) != 1:
        flags = ", ".join("--" + form.replace("_", "-") for form in given)
        raise UsageError(f"in which form? give one of {flags}")
    form = asked[0]
    if packed_dtype and not packed:
        raise UsageError("--packed-dtype is of --packed: give that too")
    job = VerbCall("export", file, output, force, quiet, model=model, takes_masks=masks)
    ticket = job.read()
    target = job.target(ENDINGS[form])
    if ticket.kind == "mask" and not masks:
        raise SparsetoolError("this file holds masks alone: there are no weights to export")
    suffix = target.path.suffix if target.path is not None else ""
    if suffix in PICKLES and ENDINGS[form] != "pt" and not plain:
        flag = "--" + form.replace("_", "-")
        raise UsageError(f"{flag} writes {ENDINGS[form]}: give another name than .pt or .pth")
    if shrink:
        pieces = _shrunk(ticket, suffix, job)
    else:
        pieces = _pieces(form, ticket, suffix, packed_dtype or "float32", str(file or "ticket.st"))
    if target.exists() and not force:
        if bytes(files.open_file(str(target.path))) != b"".join(pieces):
            raise SparsetoolError(
                f"{target.name} exists and is something else: "
                "give another -o FILE, remove it, or add --force"
            )
        job.say(f"{target.name} is up to date")
        return
    targets.write(target, pieces)
    job.say(f"wrote {target.name}")
    _warn(form, ticket, job)


def _pieces(form: str, ticket: Any, suffix: str, dtype: str, name: str) -> list[bytes | memoryview]:
    """The bytes of a form."""
    from ...networks import leave

    if form == "card":
        from ..card import card

        return [card(ticket, PurePath(name).name).encode()]
    if form == "plain" and suffix in PICKLES:
        form = "pickled"
    how: dict[str, Any] = {"safe": suffix == ".safetensors"} if form == "torch_prune" else {}
    if form == "packed":
        how = {"dtype": dtype}
    return leave.FORMS[form](ticket, **how)


def _shrunk(ticket: Any, suffix: str, job: Any) -> list[bytes | memoryview]:
    """The bytes of the smaller network; says how much smaller it is."""
    from ...networks.leave import whole_program
    from ...networks.shrink import shrink

    made = shrink(ticket)
    job.say(
        f"leaves out {made.channels:,} of {made.of_channels:,} channels: {made.parameters:,} of "
        f"{made.of_parameters:,} parameters"
    )
    return whole_program(made.module, ticket, suffix == ".onnx")


def _warn(form: str, ticket: Any, job: Any) -> None:
    """What the form does not say."""
    if form != "plain" or not ticket.masks:
        return
    zeros = sum(int((ticket.weights[key][mask] == 0).sum()) for key, mask in ticket.masks.items())
    if zeros:
        job.say(
            f"{zeros:,} weights that the mask keeps are zero: 'import --zeros' would take them as "
            "pruned; --torch-prune keeps the masks"
        )
