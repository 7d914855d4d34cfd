"""One call of `train-cycles` at the shell: its files, its run folder, what it says, how it stops.

The training itself is `training.cycles`; here is what surrounds it (`sparsetool guide promises`,
"Nothing trained is lost").
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from ...compute.allocator import keep_freed
from ...compute.ranks import ALONE, Ranks
from ...data.facts import fingerprint
from ...errors import SparsetoolError, UsageError
from ...plugins.own_code import name_model
from ...runs.folder import RunFolder, Store, run_key
from ...runs.where import state_folder
from ...ticket.value import Ticket
from ...training.cycles import train_cycles
from ...training.epochs import cut, is_peak, is_result, planned, trained_until
from ...training.settings import Settings, resolve
from ..several import make_folder
from ..stop import Interrupts, ignore_signals
from ..targets import Target
from ..targets import target as target_of
from ..transform import VerbCall
from .progress import Bar
from .reporter import Listener, Outputs, Reporter, figures
from .tracking import Tracking


@dataclass(frozen=True)
class Work:
    """What a session found to do.

    Attributes:
        target: Where the last ticket goes.
        files: Every ticket file asked for, with the epochs of this command it holds.
        there: Those that are there already.
        key: The run's key.
        store: Where its progress is kept.
    """

    target: Target
    files: Mapping[Path, int]
    there: list[Path]
    key: str
    store: Store


@dataclass
class Session:
    """What was asked of `train-cycles` besides how to train.

    Attributes:
        job: Input and output.
        n: Cycles.
        stop_after: Epochs after which to stop, or None.
        saves: Path by epoch of `--save-epoch`.
        keep: Folder of `--keep`.
        keep_every: Epochs between further tickets in that folder, or None.
        log: Path of `--log`.
        track: What shows it while it runs, or None.
        data_root: Folder of data sets.
        model: The value of `--model`.
        eval_every: Epochs between evaluations.
        limit: Seconds to work at most, or None.
        stored: Whether to keep progress in a run folder.
        ranks: The processes that train together; found when it runs.
    """

    job: VerbCall
    n: int
    stop_after: int | None = None
    saves: Mapping[int, str] = field(default_factory=dict)
    keep: str | None = None
    keep_every: int | None = None
    log: str | None = None
    track: Tracking | None = None
    data_root: str | None = None
    model: str | None = None
    eval_every: int = 1
    limit: float | None = None
    stored: bool = True
    ranks: Ranks = ALONE

    def run(self, asked: Mapping[str, Any]) -> None:
        """Train, or find that everything asked for is there already."""
        keep_freed()
        with Ranks.from_environment() as self.ranks:
            try:
                self._run(asked)
            finally:
                if self.ranks.size > 1:
                    ignore_signals()  # the launcher ends the other ranks as soon as one has ended

    def _run(self, asked: Mapping[str, Any]) -> None:
        start = self.ranks.from_first(self.job.read, patient=True)
        settings = self.ranks.everywhere(lambda: self._settings(start, asked))
        work = self.ranks.from_first(lambda: self._work(start, settings), patient=True)
        if work is None:
            return
        result = self._train(start, settings, work)
        self.ranks.from_first(lambda: self._finish(work, result), patient=True)

    def _settings(self, start: Ticket, asked: Mapping[str, Any]) -> Settings:
        name_model(start, self.model)
        return resolve(start, asked, self.data_root)

    def _work(self, start: Ticket, settings: Settings) -> Work | None:
        """What is to be done; None if it is done already."""
        epochs = planned(settings, self.n, self.stop_after)
        target = self.job.target()
        files = self._files(target, epochs)
        there = self._present(files, target, start, settings, epochs)
        if settings.peak is not None and target.path in there:
            last = trained_until(Ticket.load(str(target.path)), epochs)
            files = {path: k for path, k in files.items() if k <= last or path == target.path}
            there = [path for path in there if path in files]
        if target.path is not None and len(there) == len(files):
            return None
        self._folders()
        data = fingerprint(settings.data, self.data_root)
        key, store = self._store(start, settings, data)
        return Work(target, files, there, key, store)

    def _train(self, start: Ticket, settings: Settings, work: Work) -> Ticket:
        """Train, the first rank reporting, all of them listening for signals."""
        plan = planned(settings, self.n, self.stop_after)
        bar = Bar(self.job.verb, self.job.quiet, plan, settings.from_epoch)
        watch = self._reporter(work, bar) if self.ranks.is_first else Listener()
        try:
            with ExitStack() as held:

                def begin() -> None:
                    held.enter_context(self._alone(work.store))

                self.ranks.from_first(begin, patient=True)
                interrupts = Interrupts(self.limit, work.store.promise)
                watch.interrupts = held.enter_context(interrupts)
                self.ranks.from_first(lambda: watch.start_log(work.store))
                return train_cycles(
                    start,
                    n=self.n,
                    stop_after=self.stop_after,
                    save_epochs=[] if settings.peak else sorted(set(work.files.values())),
                    data_root=self.data_root,
                    eval_every=self.eval_every,
                    store=work.store,
                    watch=watch,
                    settings=settings,
                    ranks=self.ranks,
                )
        finally:
            watch.close()

    def _reporter(self, work: Work, bar: Bar) -> Reporter:
        side = {path: count for path, count in work.files.items() if path != work.target.path}
        log, piped = self.log and Path(self.log), work.target.path is None
        outputs = Outputs(work.key, side, log or None, self.job.force, piped)
        return Reporter(outputs, bar, self.track)

    def _finish(self, work: Work, result: Ticket) -> None:
        """Write the last ticket."""
        target = work.target
        if target.path not in work.there:
            self.job.write(target, result, figures(result))
        elif Ticket.load(str(target.path)).digest != result.digest:
            raise SparsetoolError(
                f"{target.name} was there already, but training again led elsewhere: the other "
                "files asked for do not belong to it (another machine or build?)"
            )

    def _files(self, target: Target, epochs: list[int]) -> dict[Path, int]:
        """Every ticket file asked for, with the epochs of this command it holds."""
        files = {Path(path): k for k, path in self.saves.items()}
        late = [k for k in self.saves if k > sum(epochs)]
        if late:
            raise UsageError(f"--save-epoch {late[0]}: this command trains {sum(epochs)} epochs")
        if len(files) < len(self.saves):
            raise UsageError("--save-epoch names one file twice")
        if self.keep is not None:
            last = sum(epochs)
            for k in range(self.keep_every or last + 1, last + 1, self.keep_every or 1):
                files[Path(self.keep) / f"epoch-{k}.st"] = k
            for cycle, done in enumerate(accumulate(epochs), start=1):
                files[Path(self.keep) / f"cycle-{cycle}.st"] = done
        if target.path is not None:
            if target.path in files:
                raise UsageError(f"{target.path} is asked for twice")
            files[target.path] = sum(epochs)
        if self.log is not None and Path(self.log) in files:
            raise UsageError(f"{self.log} is asked for twice, as a ticket and as --log")
        return files

    def _present(
        self,
        files: Mapping[Path, int],
        target: Target,
        start: Ticket,
        settings: Settings,
        epochs: list[int],
    ) -> list[Path]:
        """Files asked for that are there already; refuses files that are something else."""
        there = []
        for path, count in files.items():
            wanted = cut(epochs, count)
            peak = settings.peak is not None and path == target.path

            def matches(old: Ticket, wanted: list[int] = wanted, peak: bool = peak) -> bool:
                if peak:
                    return is_peak(old, start.digest, settings)
                return is_result(old, start.digest, settings, wanted)

            if self.job.present(Target(path), matches):
                there.append(path)
        return there

    def _folders(self) -> None:
        """Make the folder of `--keep`; refuse files whose folder is missing."""
        if self.keep is not None:
            make_folder(self.keep)
        for path in [*self.saves.values(), *([self.log] if self.log else [])]:
            target_of(path, None)

    def _store(self, start: Ticket, settings: Settings, data: str) -> tuple[str, Store]:
        parts = {
            "verb": "train-cycles",
            "options": [
                settings.options(cycle) for cycle in range(2 if settings.peak else min(self.n, 2))
            ],
            "n": self.n,
            **({"peak": settings.peak.options} if settings.peak else {}),
            "seed": settings.seed,
            "input": start.digest,
            "fingerprint": data,
        }
        key = run_key(parts)
        if not self.stored:
            return key, Store()
        folder = RunFolder(state_folder() / "runs" / key)
        if "model" not in folder.facts:
            about = {
                "model": start.meta["model"],
                "sparsity": start.sparsity,
                "command": shlex.join(map(_plain, called())),
                "output": _plain(self.job.output or "standard output"),
            }
            if settings.peak:  # until it is passed, nobody knows how many
                parts["n"] = settings.peak.most_cycles
            folder.record_facts({**about, **parts, **folder.facts})
        return key, folder

    def _alone(self, store: Store) -> AbstractContextManager[None]:
        if not isinstance(store, RunFolder):
            return nullcontext()
        return store.locked(lambda: self.job.say("another process trains this very run: waiting"))


def called() -> list[str]:
    """The words of the call that this process is."""
    from .. import main

    return [main.PROGRAM, *main.CALLED]


def _plain(text: str) -> str:
    """A path as text that any reader of JSON takes: names of files need not be UTF-8."""
    return text.encode(errors="replace").decode()
