"""A run: a chain of tickets, each found in the store or trained from the one before it.

The chain is the start, one ticket per finished cycle, and those asked for inside a cycle. So a run
killed at any moment carries on, and what is asked for later is made without training twice.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ticket import Ticket
from .runs import Memory
from .settings import Settings
from .watch import Watch

if TYPE_CHECKING:
    from .cycle import Learner
    from .data import DataSet
    from .device import Place

SAVE_EVERY = 2.0  # seconds between states at ends of epochs; never changes what is computed
SAVE_WITHIN = 60.0  # seconds between states inside an epoch


@dataclass
class Run:
    """One call of `train_cycles`, with everything that stays the same over its cycles."""

    settings: Settings
    data_root: str | None
    store: Memory
    watch: Watch
    eval_every: int = 1
    _data: DataSet | None = None
    _last_save: float = field(default_factory=time.monotonic)

    # -- what torch is needed for, made when first needed ------------------------------------

    def place(self, ticket: Ticket) -> Place:
        """Device, precision and threads: as the run first resolved them, if it did."""
        from .device import Place, place

        asked = self.settings
        now = place(tuple(ticket.meta["input"]), asked.device, asked.precision, asked.threads)
        before = self.store.facts.get("place")
        if before is None:
            self.store.settle({**self.store.facts, "place": vars(now)})
            return now
        then = Place(**before)
        # A place that was found by `auto` must still be there; asking for it says so if not.
        place(tuple(ticket.meta["input"]), then.device, then.precision, str(then.threads))
        return then

    def data(self, where: Place) -> DataSet:
        """The data set on the device, read once."""
        from .data import DataSet

        if self._data is None:
            s = self.settings
            self._data = DataSet(s.data, self.data_root, where.device, s.seed, s.val, s.label_noise)
            self._data.split("train")
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
                self.watch.ticket(offset + epochs, None, ticket)
        result = finished if whole else made[upto]
        assert result is not None
        self.watch.ticket(offset + upto, index + 1 if whole else None, result)
        return result

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
        from .cycle import Learner

        where = self.place(start)
        first = self.settings.first_epoch(index)
        whole = upto == self.settings.epochs - first
        made: dict[int, Ticket] = {}
        with where.entered(self.settings.deterministic):
            learner = Learner(start, self.settings, first, self.data(where), where)
            line: dict[str, Any] = self._take_up(learner, index, position)
            self.watch.begin(index + 1, learner.epoch, self.settings.epochs, learner.steps)
            while learner.epoch < first + upto:
                done = learner.epoch - first + 1
                self._epoch(learner, index, position, line)
                last = done == upto or done in marks
                line = self._line(learner, start, index, last, where)
                if position is not None:
                    self.store.append(line)
                    self.watch.epoch(line)
                if done in marks:
                    made[done] = self._ticket(start, index, learner, line, where)
                    self.store.put(f"epoch-{offset + done}", made[done])
                    self.watch.ticket(offset + done, None, made[done])
                if position is not None:
                    at_end = done == upto
                    self._keep(learner, index, line, force=at_end and not whole)
                    if not at_end:
                        self._obey(learner, index, line, end_of_epoch=True)
            if whole:
                made[upto] = self._ticket(start, index, learner, line, where)
                if position is not None:
                    self.store.put(f"cycle-{index + 1}", made[upto])
                    self.store.clear_state()
                    self._obey(None, index, line, end_of_epoch=True)
        return made

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

    def _epoch(
        self, learner: Learner, index: int, position: dict[str, Any] | None, line: dict[str, Any]
    ) -> None:
        """Train one epoch, keeping a state now and then and stopping where asked."""

        def pause() -> bool:
            self.watch.step()
            if position is None:
                return self.watch.stop(False) is not None
            if time.monotonic() - self._last_save > SAVE_WITHIN:
                self._keep(learner, index, line, force=True)
            return self.watch.stop(False) is not None

        if not learner.run_epoch(pause):
            self._obey(learner if position is not None else None, index, line, end_of_epoch=False)

    def _obey(
        self, learner: Learner | None, index: int, line: dict[str, Any], end_of_epoch: bool
    ) -> None:
        """Stop if somebody asks for it, with the state kept."""
        reason = self.watch.stop(end_of_epoch)
        if reason is None:
            return
        if learner is not None:
            self._keep(learner, index, line, force=True)
        raise reason

    def _keep(self, learner: Learner, index: int, line: dict[str, Any], force: bool) -> None:
        if not force and time.monotonic() - self._last_save < SAVE_EVERY:
            return
        position = {
            "cycle": index,
            "epoch": learner.epoch,
            "done": learner.epoch - self.settings.first_epoch(index),
            "step": learner.step,
            "examples": learner.tally.examples,
            "lines": len(self.store.lines()),
            "line": line,
        }
        self.store.save_state(learner.state, position)
        self._last_save = time.monotonic()

    # -- what comes out ----------------------------------------------------------------------

    def _line(
        self, learner: Learner, start: Ticket, index: int, last: bool, where: Place
    ) -> dict[str, Any]:
        """The log line of the epoch just done (contract.md, section 4: fields and units)."""
        epochs = learner.before + learner.epoch
        line: dict[str, Any] = {
            "cycle": index + 1,
            "epoch": learner.epoch,
            "epochs": epochs,
            "lr": float(learner.rate(learner.epoch * learner.steps - 1, learner.cycle)),
            "sparsity": start.sparsity,
            "train_loss": learner.tally.mean_loss,
            "train_accuracy": learner.tally.accuracy,
        }
        if last or learner.epoch % self.eval_every == 0:
            line |= learner.figures("test")
            if self.settings.val is not None:
                line |= learner.figures("val")
        return line

    def _ticket(
        self, start: Ticket, index: int, learner: Learner, line: dict[str, Any], where: Place
    ) -> Ticket:
        """The ticket of a learner as it stands, with its record."""
        import torch

        first = self.settings.first_epoch(index)
        epochs = learner.epoch - first
        achieved: dict[str, Any] = {
            "epochs": epochs,
            "steps": epochs * learner.steps,
            "examples": epochs * len(learner.train),
            "layers": list(start.kept_by_layer.values()),
        }
        if learner.epoch < self.settings.epochs:
            achieved["stopped_at"] = learner.epoch
        if learner.data.wrong_labels:
            achieved["wrong_labels"] = learner.data.wrong_labels
        names = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
        return start.derive(
            "train-cycles",
            self.settings.options(index),
            seed=self.settings.seed,
            weights=learner.weights(),
            achieved=achieved,
            figures={k: line[k] for k in (*names, "test_loss", "test_accuracy") if k in line},
            device=where.device,
            precision=where.precision,
            threads=where.threads,
            versions={"torch": torch.__version__},
        )
