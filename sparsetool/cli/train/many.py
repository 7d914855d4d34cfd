"""`train-cycles` with several tickets: each goes to its own name in one folder.

Networks as small as these leave most of a processor, or of a GPU, idle when trained one by one, and
importing torch takes as long as training some of them: so they are trained side by side, by copies
of a process that has imported it once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...errors import UsageError
from ...ticket.value import Ticket
from ..several import destinations, make_folder
from .workers import in_parallel


def apart(
    files: Sequence[str],
    folder: str | None,
    output: str | None,
    jobs: int | None,
    device: str,
    threads: str,
) -> tuple[str, str] | None:
    """Go on as one process per ticket.

    Args:
        files: The tickets.
        folder: Where the results go, under the tickets' own names.
        output: The value of `-o`, which cannot be.
        jobs: Processes at once; by default as many as there are cores for, or, on a GPU, all.
        device: As for `train-cycles`.
        threads: As for `train-cycles`.

    Returns:
        In each process the ticket to train and where it goes; None in the process that was
        started, when all have ended well.

    Raises:
        UsageError: No folder, or something that goes with one ticket alone.
        SparsetoolError: A ticket cannot be read, or not all have ended well.
    """
    outputs = destinations(files, folder, output)
    if "RANK" in os.environ:
        raise UsageError("several ranks train one ticket: give one FILE and -o")
    inputs = [tuple(Ticket.load(file).meta["input"]) for file in files]
    make_folder(str(folder))
    at_once = len(files)
    if not all(map(os.path.exists, outputs)):
        room = _room(inputs, device, threads)
        at_once = jobs or room
    number = in_parallel([Path(name).stem for name in outputs], at_once, "train-cycles")
    return None if number is None else (files[number], outputs[number])


def _room(inputs: Sequence[tuple[int, ...]], device: str, threads: str) -> int:
    """How many can be trained at once; imports what all of them need."""
    # Else the question whether there is a GPU would already open it, and copies could not use it.
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    from ...compute import device as machine
    from ...training import loop, place, records, resume  # noqa: F401

    places = [machine.place(input, device, "fp32", threads) for input in inputs]
    if places[0].kind != "cpu":
        return len(inputs)
    return max(1, machine.cores() // max(found.threads for found in places))
