"""A run: a chain of tickets, each found in the store or trained from the one before it.

The chain is the start, one ticket per finished cycle, and those asked for inside a cycle. So a run
killed at any moment carries on, and what is asked for later is made without training twice.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..compute.ranks import ALONE, Ranks
from ..errors import SparsetoolError, Stopped
from ..runs.folder import Store
from ..ticket.value import Ticket
from .observer import Observer
from .settings import Settings

if TYPE_CHECKING:
    from ..compute.device import Place
    from ..data.resident import DataSet
    from .loop import Learner

SAVE_EVERY = 2.0  # seconds between states at ends of epochs; never changes what is computed
SAVE_WITHIN = 60.0  # seconds between states inside an epoch


@dataclass
class Run:
    """One call of `train_cycles`, with everything that stays the same over its cycles."""

    settings: Settings
    data_root: str | None
    store: Store
    watch: Observer
    eval_every: int = 1
    ranks: Ranks = ALONE
    _data: DataSet | None = None
    _last_save: float = field(default_factory=time.monotonic)
    _told_idle: bool = False

    # -- what torch is needed for, made when first needed ------------------------------------

    def place(self, ticket: Ticket) -> Place:
        """Device, precision and threads: as the run first resolved them, if it did."""
        from .place import own, resolved, settled

        where = self.ranks.from_first(
            lambda: resolved(ticket, self.settings, self.store.facts, self.ranks)
        )
        if "place" not in self.store.facts:
            self.store.record_facts({**self.store.facts, **settled(where, self.ranks)})
        return self.ranks.everywhere(lambda: own(where, self.ranks))

    def data(self, where: Place, normalize: Mapping[str, Any] | None = None) -> DataSet:
        """The data set on the device, read once, normalised as its facts or the ticket says."""
        from ..data.resident import DataSet
        from .place import told

        if self._data is None:
            s = self.settings
            self._data = DataSet(
                s.data, self.data_root, where.device, s.seed, s.val, s.label_noise, normalize
            )
            self._data.split("train")
            if self.ranks.size > 1:
                self._data.split("test")  # what fails on one host alone must fail now, on all
            self.watch.note(told(s, where))
            if wrong := self._data.wrong_labels:
                self.watch.note(f"label noise {s.label_noise}: {wrong:,} training labels are wrong")
        return self._data

    # -- one cycle ---------------------------------------------------------------------------

    def cycle(self, start: Ticket, index: int, offset: int, upto: int, wanted: list[int]) -> Ticket:
        """The ticket after `upto` epochs of the `index`-th cycle, found or trained.

        Args:
            start: The ticket at the cycle's beginning.
            index: Which cycle of the command, from 0.
            offset: Epochs of the command before this cycle.
            upto: Epochs of this cycle to train.
            wanted: Further epochs of this cycle (1 to `upto`) whose tickets are asked for.
        """
        whole = upto == self.settings.epochs - self.settings.first_epoch(index)
        finished = self.store.ticket(f"cycle-{index + 1}") if whole else None
        marks = [*(k for k in wanted if not (whole and k == upto)), *([] if whole else [upto])]
        made = {k: self.store.ticket(f"epoch-{offset + k}") for k in marks}
        missing = sorted(k for k, ticket in made.items() if ticket is None)
        if finished is None or missing:
            with_state = self._resumable(index) if finished is None else None
            behind = [k for k in missing if finished or (with_state and k <= with_state["done"])]
            if behind:
                made |= self._train(start, index, offset, max(behind), behind, None)
            ahead = [k for k in missing if k not in behind]
            if finished is None and (whole or ahead):
                new = self._train(start, index, offset, upto, ahead, with_state or {"done": 0})
                made |= new
                finished = new.get(upto) if whole else None
        for epochs in sorted(marks):
            if (ticket := made[epochs]) is not None:
                self._hand_out(offset + epochs, None, ticket)
        result = finished if whole else made[upto]
        assert result is not None
        self._hand_out(offset + upto, index + 1 if whole else None, result)
        return result

    def _hand_out(self, epochs: int, cycle: int | None, ticket: Ticket) -> None:
        self.ranks.from_first(lambda: self.watch.ticket(epochs, cycle, ticket))

    def _resumable(self, index: int) -> dict[str, Any] | None:
        """The position inside the `index`-th cycle that the store holds, if any."""
        found = self.store.state()
        if found is None or found[1]["cycle"] != index:
            return None
        return {**found[1], "arrays": found[0]}

    def _train(
        self,
        start: Ticket,
        index: int,
        offset: int,
        upto: int,
        marks: Sequence[int],
        position: dict[str, Any] | None,
    ) -> dict[int, Ticket]:
        """Train to `upto` epochs of a cycle, making tickets at `marks` (and at a cycle's end).

        Args:
            start: The ticket at the cycle's beginning.
            index: Which cycle of the command, from 0.
            offset: Epochs of the command before this cycle.
            upto: Epochs of the cycle to train.
            marks: Epochs of the cycle whose tickets are made and kept in the store.
            position: Where to go on and keep states; None to make marks again beside a run that is
                further on, without touching its states or its log.
        """
        from .records import log_line, trained

        first = self.settings.first_epoch(index)
        whole = upto == self.settings.epochs - first
        made: dict[int, Ticket] = {}
        where = self.place(start)
        with where.entered(self.settings.deterministic):
            learner = self._learner(start, first, where)
            line: dict[str, Any] = self._take_up(learner, index, position)
            place = index + 1, learner.epoch, self.settings.epochs, learner.steps, learner.step
            self.ranks.from_first(lambda: self.watch.begin(*place))
            while learner.epoch < first + upto:
                done = learner.epoch - first + 1
                self._epoch(learner, index, position, line)
                last = done == upto or done in marks
                measured = last or learner.epoch % self.eval_every == 0
                line = log_line(learner, start, index, measured)
                if position is not None:
                    self._record(line)
                if done in marks:
                    made[done] = trained(learner, start, index, line)
                    self.store.put(f"epoch-{offset + done}", made[done])
                    self._hand_out(offset + done, None, made[done])
                if position is not None and done < upto:
                    self._between(learner, index, line)
                elif position is not None and not whole:
                    self._keep(learner, index, line)
            if whole:
                made[upto] = trained(learner, start, index, line)
                if position is not None:
                    self.store.put(f"cycle-{index + 1}", made[upto])
                    self.store.clear_state()
                    reason, _ = self._asked(True)
                    if reason is not None:
                        raise reason
        return made

    def _learner(self, start: Ticket, first: int, where: Place) -> Learner:
        from .loop import Learner

        data = self.ranks.everywhere(lambda: self.data(where, start.meta.get("normalize")))
        learner = self.ranks.everywhere(
            lambda: Learner(start, self.settings, first, data, where, self.ranks)
        )
        learner.connect()
        return learner

    def _record(self, line: dict[str, Any]) -> None:
        self.store.append(line)
        self.ranks.from_first(lambda: self.watch.epoch(line))

    def _take_up(
        self, learner: Learner, index: int, position: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Bring a learner to a stored position and the log to the same place."""
        if position is None:
            return {}
        if "arrays" not in position:
            earlier = [line for line in self.store.lines() if line["cycle"] <= index]
            self.store.truncate(len(earlier))
            return {}
        learner.restore(
            position["arrays"], position["epoch"], position["step"], position["examples"]
        )
        self.store.truncate(position["lines"])
        return dict(position["line"])

    # -- stopping and keeping ----------------------------------------------------------------

    def _epoch(
        self, learner: Learner, index: int, position: dict[str, Any] | None, line: dict[str, Any]
    ) -> None:
        """Train one epoch, keeping a state now and then and stopping where asked."""
        reason: SparsetoolError | None = None

        def pause() -> bool:
            nonlocal reason
            self.watch.step()
            reason, due = self._asked(False, SAVE_WITHIN)
            if position is not None and (due or reason is not None):
                self._keep(learner, index, line)
            return reason is not None

        learner.run_epoch(pause)
        if (idle := learner.idle) and not self._told_idle:
            self._told_idle = True
            more = f" and {len(idle) - 1} more" if len(idle) > 1 else ""
            self.watch.note(f"{idle[0]}{more} got no gradient (frozen or unused): kept as before")
        if reason is not None:
            raise reason

    def _between(self, learner: Learner, index: int, line: dict[str, Any]) -> None:
        """Between two epochs: keep a state if it is time, stop if somebody asks for it."""
        reason, due = self._asked(True, SAVE_EVERY)
        if due or reason is not None:
            self._keep(learner, index, line)
        if reason is not None:
            raise reason

    def _asked(
        self, end_of_epoch: bool, every: float = math.inf
    ) -> tuple[SparsetoolError | None, bool]:
        """Why to stop now, if at all, and whether the last state is older than `every` seconds.

        The answers are the same on every rank, whichever was asked to stop.
        """
        reason = self.watch.stop(end_of_epoch)
        due = time.monotonic() - self._last_save > every
        if self.ranks.size == 1:
            return reason, due
        own = reason.code if reason is not None else 0
        code, due = self.ranks.agree(own, due and self.ranks.is_first)
        if code == 0:
            return None, due
        if reason is None or code != own:
            words = f"stopped because another rank was asked to stop: {self.store.promise}"
            reason = Stopped(words, code)
        return self.ranks.together(reason), due

    def _keep(self, learner: Learner, index: int, line: dict[str, Any]) -> None:
        tally = learner.sums()
        position = {
            "cycle": index,
            "epoch": learner.epoch,
            "done": learner.epoch - self.settings.first_epoch(index),
            "step": learner.step,
            "examples": tally.examples,
            "lines": len(self.store.lines()),
            "line": line,
        }
        self.store.save_state(lambda: learner.state(tally), position)
        self._last_save = time.monotonic()
