"""Training for n cycles: the function behind `train-cycles`, the same in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..compute.ranks import ALONE, Ranks
from ..plugins.own_code import within_call
from ..runs.folder import Store
from ..runs.shared import Shared
from ..ticket.value import Ticket
from .epochs import planned
from .observer import Observer
from .resume import Run
from .settings import Settings, resolve


@within_call
def train_cycles(
    ticket: Ticket,
    *,
    n: int = 1,
    stop_after: int | None = None,
    save_epochs: Sequence[int] = (),
    data_root: str | None = None,
    eval_every: int = 1,
    store: Store | None = None,
    watch: Observer | None = None,
    settings: Settings | None = None,
    ranks: Ranks = ALONE,
    **asked: Any,
) -> Ticket:
    """Train a ticket for `n` cycles, its mask held fixed.

    Weights and batch-norm statistics are carried from cycle to cycle, the optimiser starts afresh
    at each (cyclic training, Gadhikar et al., "Cyclic Sparse Training: Is it Enough?").

    Args:
        ticket: Where to start; a dense ticket is trained dense.
        n: Cycles.
        stop_after: Stop after this many epochs of this call.
        save_epochs: Epochs of this call after which `watch.ticket` gets the ticket.
        data_root: Folder of data sets.
        eval_every: Epochs between evaluations for the log; the last of a ticket is always made.
        store: Where progress is kept; by default in memory alone.
        watch: Who watches, and may stop it.
        settings: Everything below in one, already resolved.
        ranks: The processes that train together; each makes this same call.
        asked: Fields of `Settings`, such as `epochs`, `lr`, `batch_size`, `schedule`, `seed`.

    Returns:
        The ticket after the last cycle, with one record per cycle.

    Raises:
        UsageError: A value that cannot be.
        SparsetoolError: The data are not there or do not fit, or training diverged.

    Example:
        >>> from sparsetool import init, mask, train_cycles
        >>> start = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.5)
        >>> trained = train_cycles(start, n=2, epochs=1)
        >>> trained.epochs, trained.sparsity
        (2, 0.5)
    """
    if settings is None:
        settings = resolve(ticket, asked, data_root)
    epochs = planned(settings, n, stop_after)
    store = store or Store()
    if ranks.size > 1:
        store = Shared(store, ranks)
    run = Run(settings, data_root, store, watch or Observer(), eval_every, ranks)
    offset = 0
    for index, upto in enumerate(epochs):
        wanted = sorted({k - offset for k in save_epochs if offset < k <= offset + upto})
        ticket = run.cycle(ticket, index, offset, upto, wanted)
        offset += upto
    lost = offset - len(store.lines())  # only the log has the lines of all epochs
    if lost > 0:
        run.watch.note(f"the log of this run is damaged: {lost:,} of its {offset:,} lines are lost")
    return ticket
