"""Training for n cycles: the function behind `train-cycles`, the same in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..compute.ranks import ALONE, Ranks
from ..errors import UsageError
from ..plugins.own_code import within_call
from ..runs.folder import Store
from ..runs.shared import Shared
from ..ticket.lineage import Record
from ..ticket.value import Ticket
from .epochs import planned
from .observer import Observer
from .peak import Peak, accuracy_of, at_peak, best_of
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
        n: Cycles; with `until_peak` (and `val`) as many as it takes, so leave it out.
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
    if settings.peak is not None and (n != 1 or save_epochs):
        raise UsageError("until the peak, nobody knows how many cycles: give no n or save_epochs")
    epochs = planned(settings, n, stop_after)
    store = store or Store()
    if ranks.size > 1:
        store = Shared(store, ranks)
    run = Run(settings, data_root, store, watch or Observer(), eval_every, ranks)
    if settings.peak is not None:
        return _to_the_peak(run, ticket, settings.peak, epochs)
    offset = 0
    for index, upto in enumerate(epochs):
        wanted = sorted({k - offset for k in save_epochs if offset < k <= offset + upto})
        ticket = run.cycle(ticket, index, offset, upto, wanted)
        offset += upto
    lost = offset - len(store.lines())  # only the log has the lines of all epochs
    if lost > 0:
        run.watch.note(f"the log of this run is damaged: {lost:,} of its {offset:,} lines are lost")
    return ticket


def _to_the_peak(run: Run, ticket: Ticket, peak: Peak, epochs: Sequence[int]) -> Ticket:
    """Train cycle after cycle until `peak` says that it is passed; the ticket at the peak.

    A cycle that the run's store holds is taken from there, so what was stopped goes on.
    """
    accuracies: list[float] = []
    later: list[Record] = []
    best, offset = ticket, 0
    for index, upto in enumerate(epochs):
        ticket = run.cycle(ticket, index, offset, upto, [])
        offset += upto
        accuracies.append(accuracy_of(ticket))
        at, done = best_of(accuracies, peak)
        if at == index:
            best, later = ticket, []
        else:
            later.append(ticket.lineage[-1])
        if done:
            break
    if run.store.facts.get("n") != len(accuracies):  # a run folder says how many it has
        run.store.record_facts({**run.store.facts, "n": len(accuracies)})
    return at_peak(best, peak, at + 1, later)
