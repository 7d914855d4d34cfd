"""Write a ticket for programs that know no tickets: weights alone, as safetensors or PyTorch.

--plain writes an ordinary state_dict, zeros where the mask is; with a name that ends in .pt or .pth
by torch.save, else as safetensors. --packed writes surviving values in float16 and bit masks.

    sparsetool export --plain sculpt.st -o sculpt.safetensors
    sparsetool export --plain sculpt.st -o sculpt.pt
    sparsetool export --packed sculpt.st -o sculpt.packed.safetensors
"""

from __future__ import annotations

from typing import Annotated

from ...errors import SparsetoolError, UsageError
from .. import options as o


def verb(
    file: o.File = None,
    plain: Annotated[bool, o.option("--plain", help="All weights, zeros where pruned.")] = False,
    packed: Annotated[
        bool, o.option("--packed", help="Surviving values (float16) and bit masks.")
    ] = False,
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from ... import files
    from .. import targets
    from ..transform import Job

    if plain == packed:
        raise UsageError("in which form? give one of --plain and --packed")
    job = Job("export", file, output, force, quiet)
    ticket = job.read()
    target = job.target("safetensors")
    from ...networks.convert import (
        packed as packed_bytes,
    )
    from ...networks.convert import (
        pickled as pickled_bytes,
    )
    from ...networks.convert import (
        plain as plain_bytes,
    )

    if ticket.kind == "mask":
        raise SparsetoolError("this file holds masks alone: there are no weights to export")
    pickled = target.path is not None and target.path.suffix in (".pt", ".pth")
    if pickled and packed:
        raise UsageError("--packed writes safetensors: give another name than .pt or .pth")
    form = packed_bytes if packed else pickled_bytes if pickled else plain_bytes
    pieces = form(ticket)
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
